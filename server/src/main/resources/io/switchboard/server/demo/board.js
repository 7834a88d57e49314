// Draws who is wired to which node, and lets a light run along the wires when a message passes.

const CORNER_PX = 14;
const PLUG_GAP_PX = 16;
const LIGHT_PX = 22;
const LIGHT_PX_PER_MS = 1.1;
/** A flood of messages shows as a busy board, not as a slow page. */
const LIGHTS_MAX = 40;

const calm = matchMedia('(prefers-reduced-motion: reduce)');

export class Board {
  #svg;
  #nodes;
  #wires = new Map();
  #lights = 0;

  /** The svg fills the stage behind nodes and cards; all of them are laid out by the stage. */
  constructor(stage, svg, nodes) {
    this.#svg = svg;
    this.#nodes = nodes;
    new ResizeObserver(() => this.#layout()).observe(stage);
  }

  plugIn(id, card, nodeIndex) {
    const shape = this.#draw('wire', nodeIndex);
    this.#wires.set(id, { card, nodeIndex, shape, points: [] });
    this.#layout();
  }

  unplug(id) {
    this.#wires.get(id).shape.remove();
    this.#wires.delete(id);
    this.#layout();
  }

  setLive(id, live) {
    this.#wires.get(id)?.shape.classList.toggle('live', live);
  }

  /** Lights the way from one person over the nodes to another; either may be absent from this page. */
  light(from, to) {
    if (this.#lights >= LIGHTS_MAX || document.hidden) return;
    this.#lights++;
    // Drawing waits for the next frame, so that a message is never slower for being shown.
    requestAnimationFrame(() => {
      const [start, end] = [this.#wires.get(from), this.#wires.get(to)];
      const way = [...(start ? this.#outOf(start).reverse() : []), ...(end ? this.#outOf(end) : [])];
      if (way.length > 0) this.#run(way, start ?? end, end?.card);
      else this.#lights--;
    });
  }

  #outOf({ points, nodeIndex }) {
    return [{ x: points[0].x, y: boxOf(this.#nodes[nodeIndex]).middle }, ...points];
  }

  #run(way, { nodeIndex }, card) {
    const light = this.#draw('light', nodeIndex);
    light.setAttribute('d', rounded(way));
    const length = light.getTotalLength();
    if (!calm.matches) light.style.strokeDasharray = `${LIGHT_PX} ${length + LIGHT_PX}`;
    const frames = calm.matches ? { opacity: [0.8, 0] } : { strokeDashoffset: [LIGHT_PX, -length] };
    light.animate(frames, calm.matches ? 900 : length / LIGHT_PX_PER_MS).onfinish = () => {
      this.#lights--;
      light.remove();
      card?.animate([{ borderColor: getComputedStyle(card).getPropertyValue('--hue') }, {}], 900);
    };
  }

  /** Cards of the first row hang on their upper edge, all others on a rail to their left. */
  #layout() {
    const wires = [...this.#wires.values()];
    const nodes = this.#nodes.map(boxOf);
    const backplane = nodes.map((box) => ({ x: box.centre, y: box.middle }));
    this.#svg.querySelector('.backplane').setAttribute('d', rounded(backplane));
    for (const wire of wires) wire.box = boxOf(wire.card);
    const firstRow = Math.min(...wires.map((wire) => wire.box.top));
    for (const wire of wires) {
      wire.hangs = wire.box.top === firstRow;
      wire.x = wire.hangs ? wire.box.centre : wire.box.left - 12 - 4 * (wire.nodeIndex % 3);
    }
    nodes.forEach((box, index) => {
      const mine = wires.filter((wire) => wire.nodeIndex === index).sort((a, b) => a.x - b.x);
      const gap = Math.min(PLUG_GAP_PX, (box.width - 24) / mine.length);
      mine.forEach((wire, i) => {
        const x = box.centre + (i - (mine.length - 1) / 2) * gap;
        wire.plug = { x: Math.abs(wire.x - x) <= gap / 2 ? wire.x : x, y: box.bottom + 4 };
      });
    });
    // The farthest wire runs highest: so the wires of one node do not cross each other.
    wires.sort((a, b) => Math.abs(b.x - b.plug.x) - Math.abs(a.x - a.plug.x));
    wires.forEach((wire, i) => place(wire, (i + 0.8) / (wires.length + 1), firstRow));
  }

  #draw(kind, hue) {
    const drawn = document.getElementById('shapes').content.querySelector(`.${kind}`).cloneNode(true);
    drawn.dataset.hue = hue;
    return this.#svg.appendChild(drawn);
  }
}

function place(wire, lane, firstRow) {
  const { plug, x, box, hangs } = wire;
  const y = plug.y + lane * (firstRow - plug.y);
  const jack = hangs ? { x, y: box.top - 4 } : { x: box.left - 4, y: box.top + 34 };
  wire.points = [plug, { x: plug.x, y }, { x, y }, ...(hangs ? [] : [{ x, y: jack.y }]), jack];
  const [cord, ...ends] = wire.shape.children;
  cord.setAttribute('d', rounded(wire.points));
  ends.forEach((end, i) => end.setAttribute('transform', `translate(${[plug, jack][i].x} ${[plug, jack][i].y})`));
}

/** Where an element is on the stage, whatever animation it is in. */
function boxOf({ offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height }) {
  return { left, top, width, bottom: top + height, centre: left + width / 2, middle: top + height / 2 };
}

/** A polyline with round corners. */
function rounded(points) {
  const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
  const toward = (a, b, by) => {
    const part = by / (distance(a, b) || 1);
    return `${a.x + (b.x - a.x) * part} ${a.y + (b.y - a.y) * part}`;
  };
  let path = `M${points[0].x} ${points[0].y}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [before, corner, after] = points.slice(i - 1, i + 2);
    const radius = Math.min(CORNER_PX, distance(before, corner) / 2, distance(corner, after) / 2);
    path += `L${toward(corner, before, radius)}Q${corner.x} ${corner.y} ${toward(corner, after, radius)}`;
  }
  return `${path}L${points.at(-1).x} ${points.at(-1).y}`;
}
