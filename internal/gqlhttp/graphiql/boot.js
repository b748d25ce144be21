// Starts GraphiQL against the endpoint that the page names.
"use strict";

const endpoint = document.querySelector('meta[name="graphql-endpoint"]').content;

// What the headers tab begins with. Until a token is pasted it is not sent.
const placeholder = "Bearer …";

async function fetcher({ query, operationName, variables }, { headers = {} } = {}) {
  const sent = {
    "Content-Type": "application/json",
    Accept: "application/graphql-response+json, application/json;q=0.9",
    ...headers,
  };
  if (sent.Authorization === placeholder) delete sent.Authorization;
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: sent,
    body: JSON.stringify({ query, operationName, variables }),
  });
  return answer.json();
}

// Tabs and the token live in this browser tab only, and end with it.
ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    storage: window.sessionStorage,
    shouldPersistHeaders: true,
    showPersistHeadersSettings: false,
    defaultEditorToolsVisibility: "headers",
    defaultHeaders: JSON.stringify({ Authorization: placeholder }, null, 2),
    defaultQuery: "# Paste a token into the Headers tab below, then run.\n{\n  __typename\n}\n",
  }),
);
