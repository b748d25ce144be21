// Holds the server at URL to every audit of graphql-http, signed in with TOKEN,
// and prints what each came to as one line of JSON.
import { serverAudits } from "graphql-http";

const { URL, TOKEN } = process.env;
const signedIn = (url, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set("authorization", `Bearer ${TOKEN}`);
  return fetch(url, { ...init, headers });
};
for (const audit of serverAudits({ url: URL, fetchFn: signedIn })) {
  const { id, name, status, reason } = await audit.fn();
  console.log(JSON.stringify({ id, name, status, reason }));
}
