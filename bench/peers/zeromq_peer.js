// What zeromq.js does: zeromq_peer.js WORK SECONDS ARGUMENTS... The works are zmq_peer.c's; messages come through the
// socket's async iterator, as its README shows.
const fs = require('fs');
const zmq = require('zeromq');

zmq.context.maxSockets = 65535;
const [work, given, ...rest] = process.argv.slice(2);
const seconds = Number(given);
const numbers = rest.map(Number);

// Of this thread alone: what process.cpuUsage() counts includes libzmq's threads.
const threadTime = () => Number(fs.readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]);
const now = () => Number(process.hrtime.bigint());
const both = { linger: 0, sendHighWaterMark: 1000, receiveHighWaterMark: 1000 };

const warmUp = 1.5; // seconds, as in measure.h

// Counts messages in a window of time, which opens after a warm-up, and that begins with the first messages.
class Window {
  count = 0;
  state = 0;

  add() { return (++this.count & 63) === 0 && this.look(); }

  look() {
    const time = now();
    if (this.state > 0 && time < this.end) return false;
    const cpu = threadTime();
    if (this.state === 2) {
      const n = this.count - this.before;
      console.log(`rate ${n * 1e9 / (time - this.opened)}\ncpu ${(cpu - this.cpu) / n}`);
      return true;
    }
    this.state++;
    this.end = time + (this.state === 1 ? warmUp : seconds) * 1e9;
    this.opened = time;
    this.cpu = cpu;
    this.before = this.count;
    return false;
  }
}

async function bindAndTell(socket, endpoint) {
  await socket.bind(endpoint);
  console.log(`bound ${socket.lastEndpoint}`);
}

async function recv(endpoint, hwm) {
  const socket = new zmq.Pull({ linger: 0, receiveHighWaterMark: hwm });
  const window = new Window();
  await bindAndTell(socket, endpoint);
  for await (const message of socket) if (message.length > 0 && window.add()) return;
}

async function send(endpoint, size, frames, hwm) {
  const socket = new zmq.Push({ linger: 0, sendHighWaterMark: hwm });
  const window = new Window();
  const body = Buffer.alloc(size);
  const message = frames === 1 ? body : Array(frames).fill(body);
  socket.connect(endpoint);
  do await socket.send(message); while (!window.add());
}

async function echo(endpoint) {
  const socket = new zmq.Dealer(both);
  await bindAndTell(socket, endpoint);
  for await (const message of socket) await socket.send(message);
}

let busy;
const sockets = [];

async function openIdle(count) {
  for (let i = 0; i <= count; i++) {
    sockets.push(new zmq.Pair(both));
    await sockets[i].bind(`inproc://${i}`);
  }
  for (let i = 0; i < count; i++) sockets[i].receive().catch(() => {});
  busy = new zmq.Pair(both);
  busy.connect(`inproc://${count}`);
}

async function wake() {
  await busy.send('x');
  await sockets.at(-1).receive();
}

async function memory(count) {
  await openIdle(count);
  await wake();
  console.log(`kB ${process.memoryUsage.rss() / 1024}`);
}

async function startup() {
  await openIdle(0);
  await wake();
  console.log('first 1');
}

const works = {
  recv: () => recv(rest[0], numbers[3]),
  send: () => send(rest[0], numbers[1], numbers[2], numbers[3]),
  echo: () => echo(rest[0]),
  memory: () => memory(numbers[0]),
  startup,
};
works[work]().then(() => process.exit(0), error => { console.error(error); process.exit(1); });
