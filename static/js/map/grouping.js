/**
 * Which markers stand together as one numbered circle.
 *
 * Plain geometry on the plane of the screen, in pixels; knows no map. Positions are counted from
 * the corner of the world, not of the frame, so that moving the map regroups nothing.
 */

const CELL = 40;
const SINGLE_RADIUS = 12;
const ROUNDS = 12;

/** A circle whose centre lies this deep inside its neighbour's reach is one with it. */
const TOO_CLOSE = 0.62;

/** How far a circle may stand off the middle of its events, to touch its neighbour and not cover it. */
const FURTHEST_SHIFT = 16;

/** Radius in pixels of the circle for so many events: it holds its number at every size. */
export function radiusFor(count) {
  return count === 1 ? SINGLE_RADIUS : 13 + 3 * Math.log10(count);
}

/**
 * Group items into circles that may touch but never overlap.
 *
 * @param {{x: number, y: number}[]} items
 * @returns {{x: number, y: number, radius: number, items: object[]}[]} the largest first
 */
export function groupItems(items) {
  let circles = bucket(items);
  circles = mergeWhile(circles, (a, b, distance) => distance < TOO_CLOSE * (a.radius + b.radius));
  for (let round = 0; round < ROUNDS; round += 1) pushApart(circles);
  circles = mergeWhile(circles, (a, b, distance) => distance < a.radius + b.radius - 0.01);
  return circles.sort((a, b) => b.items.length - a.items.length);
}

function bucket(items) {
  const cells = new Map();
  for (const item of items) {
    const cell = `${Math.floor(item.x / CELL)}:${Math.floor(item.y / CELL)}`;
    if (!cells.has(cell)) cells.set(cell, []);
    cells.get(cell).push(item);
  }
  return [...cells.values()].map(circleOf);
}

function circleOf(items) {
  const middle = (axis) => items.reduce((sum, item) => sum + item[axis], 0) / items.length;
  const [x, y] = [middle("x"), middle("y")];
  return { home: { x, y }, items, radius: radiusFor(items.length), x, y };
}

const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/** Merge pairs for which the rule holds until there are none; each merge makes one circle fewer. */
function mergeWhile(circles, isOne) {
  const kept = [...circles];
  for (let i = 0; i < kept.length; i += 1) {
    for (let j = 0; j < kept.length; j += 1) {
      if (j !== i && isOne(kept[i], kept[j], apart(kept[i], kept[j]))) {
        const merged = circleOf([...kept[i].items, ...kept[j].items]);
        kept.splice(Math.max(i, j), 1);
        kept.splice(Math.min(i, j), 1, merged);
        // The new circle is larger and elsewhere: compare it with everybody again.
        i = Math.min(i, j) - 1;
        break;
      }
    }
  }
  return kept;
}

/** A single event stands where it is; a circle for several may give way a little. */
const canMove = (circle) => circle.items.length > 1;

function pushApart(circles) {
  for (let i = 0; i < circles.length; i += 1) {
    for (let j = i + 1; j < circles.length; j += 1) {
      const [a, b] = [circles[i], circles[j]];
      const overlap = a.radius + b.radius - apart(a, b);
      if (overlap > 0) shift(a, b, overlap + 0.1);
    }
  }
}

function shift(a, b, overlap) {
  const movers = [a, b].filter(canMove);
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  for (const circle of movers) {
    const step = ((circle === a ? -1 : 1) * overlap) / movers.length;
    moveWithin(circle, circle.x + Math.cos(angle) * step, circle.y + Math.sin(angle) * step);
  }
}

function moveWithin(circle, x, y) {
  const far = Math.hypot(x - circle.home.x, y - circle.home.y);
  const share = far > FURTHEST_SHIFT ? FURTHEST_SHIFT / far : 1;
  circle.x = circle.home.x + (x - circle.home.x) * share;
  circle.y = circle.home.y + (y - circle.home.y) * share;
}
