// A zeromq.js peer: each line on stdin is a command in JSON, each line on stdout its answer. It ends with its stdin.
"use strict"
const crypto = require("crypto")
const readline = require("readline")
const zmq = require("zeromq")

const types = {
  req: zmq.Request, rep: zmq.Reply, dealer: zmq.Dealer, router: zmq.Router, pub: zmq.Publisher, sub: zmq.Subscriber,
  xpub: zmq.XPublisher, xsub: zmq.XSubscriber, push: zmq.Push, pull: zmq.Pull, pair: zmq.Pair,
}
const options = {
  routing_id: "routingId", curve_server: "curveServer", curve_publickey: "curvePublicKey", curve_secretkey: "curveSecretKey",
  curve_serverkey: "curveServerKey",
  plain_server: "plainServer", plain_username: "plainUsername", plain_password: "plainPassword",
}
const sockets = {}
const long = 4096
const timeout = 20000 // milliseconds: only a failure waits for it

const show = frame => frame.length <= long
  ? frame.toString("base64")
  : { size: frame.length, sha256: crypto.createHash("sha256").update(frame).digest("hex") }
const read = frame => typeof frame === "string" ? Buffer.from(frame, "base64") : Buffer.alloc(frame.size, frame.byte)

const commands = {
  version: () => ({ version: `zeromq.js ${require("zeromq/package.json").version}, libzmq ${zmq.version}` }),
  open(command) {
    const socket = new types[command.type]()
    socket.linger = 0
    if ("receiveTimeout" in socket) socket.receiveTimeout = timeout
    if ("sendTimeout" in socket) socket.sendTimeout = timeout
    for (const [name, value] of Object.entries(command.options || {})) {
      if (name !== "hwm") {
        socket[options[name]] = value
        continue
      }
      if ("sendHighWaterMark" in socket) socket.sendHighWaterMark = value
      if ("receiveHighWaterMark" in socket) socket.receiveHighWaterMark = value
    }
    sockets[command.id] = socket
  },
  async bind(command) {
    await sockets[command.id].bind(command.endpoint)
    return { endpoint: sockets[command.id].lastEndpoint }
  },
  connect(command) { sockets[command.id].connect(command.endpoint) },
  subscribe(command) { sockets[command.id].subscribe(command.prefix) },
  async send(command) { await sockets[command.id].send(command.frames.map(read)) },
  async recv(command) {
    const socket = sockets[command.id]
    socket.receiveTimeout = command.timeout || timeout
    try {
      return { frames: (await socket.receive()).map(show) }
    } catch (error) {
      if (command.timeout && error.code === "EAGAIN") return { frames: [] }
      throw error
    }
  },
  async "send numbered"(command) {
    const socket = sockets[command.id]
    let sent = command.first
    socket.sendTimeout = 0
    try {
      for (; sent < command.count; sent++) await socket.send([`${sent}`, Buffer.alloc(command.padding)])
    } catch (error) {
      if (error.code !== "EAGAIN") throw error
    }
    return { sent }
  },
  async "recv numbered"(command) {
    const numbers = []
    while (numbers.length < command.count) numbers.push(Number((await sockets[command.id].receive())[0]))
    return { numbers }
  },
  async echo(command) {
    for (let i = 0; i < command.count; i++) await sockets[command.id].send(await sockets[command.id].receive())
  },
  close(command) {
    sockets[command.id].close()
    delete sockets[command.id]
  },
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const command = JSON.parse(line)
    let answer
    try {
      answer = await commands[command.cmd](command) || {}
    } catch (error) {
      answer = { error: `${error.name}: ${error.message}` }
    }
    process.stdout.write(JSON.stringify(answer) + "\n")
  }
  process.exit(0)
}
main()
