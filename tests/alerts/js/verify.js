// Verifies captured requests with the JavaScript library of Standard Webhooks. Reads from standard input a list of
// {secret, headers, body} and writes for each "ok" or the name of what is thrown.
const { Webhook } = require("standardwebhooks");

const requests = JSON.parse(require("fs").readFileSync(0, "utf8"));
const verdicts = requests.map(({ secret, headers, body }) => {
  try {
    new Webhook(secret).verify(body, headers);
    return "ok";
  } catch (error) {
    return error.constructor.name;
  }
});
process.stdout.write(JSON.stringify(verdicts));
