// One connection, which comes back by itself. What others say is shown as text, never as a page.
const SHOWN_MAX = 500;
const PATIENCE_MAX = 15_000;

const message = document.querySelector('#message');
const send = document.querySelector('#sendBtn');
const content = document.querySelector('#content');
const state = document.querySelector('#state');

const address = new URL(document.body.dataset.path, location.href);
address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

let socket;
let failures = 0;

function show(text) {
  const line = document.createElement('p');
  line.textContent = text;
  content.prepend(line);
  if (content.childElementCount > SHOWN_MAX) {
    content.lastElementChild.remove();
  }
}

function connect() {
  socket = new WebSocket(address);
  socket.addEventListener('open', () => {
    failures = 0;
    state.textContent = 'connected';
    send.disabled = false;
  });
  socket.addEventListener('message', event => {
    if (typeof event.data === 'string') {
      show(event.data);
    }
  });
  socket.addEventListener('close', () => {
    send.disabled = true;
    state.textContent = 'not connected, trying again';
    const longest = Math.min(PATIENCE_MAX, 500 * 2 ** failures++);
    setTimeout(connect, longest * (0.5 + Math.random() / 2));
  });
}

document.querySelector('#form').addEventListener('submit', event => {
  event.preventDefault();
  if (socket.readyState === WebSocket.OPEN) {
    socket.send(message.value);
    message.value = '';
    message.focus();
  }
});

send.disabled = true;
connect();
