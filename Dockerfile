# A static binary that runs as nobody in particular.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o /hireloop ./server

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /hireloop /hireloop
USER 65532:65532
EXPOSE 8080
ENV HIRELOOP_ADDR=0.0.0.0:8080
ENTRYPOINT ["/hireloop"]
CMD ["serve"]
