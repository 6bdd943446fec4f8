// Loaded into a server of the tests before its own code: whatever it listens on is this machine only.
"use strict";

const net = require("node:net");

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (first, ...others) {
  if (typeof first === "number") {
    return listen.call(this, { port: first, host: "127.0.0.1" }, ...others.filter((one) => typeof one === "function"));
  }
  if (first !== null && typeof first === "object" && "port" in first) {
    return listen.call(this, { ...first, host: "127.0.0.1" }, ...others);
  }
  throw new Error("tests/support/loopback.cjs: only ports are listened on");
};
