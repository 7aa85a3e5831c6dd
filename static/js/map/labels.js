/** Where town names go so that none covers another name or a circle. Plain geometry; knows no map. */

const GAP = 5;
const GAPS_BESIDE_CIRCLE = [15, 22];

/** How many of the largest towns are considered: few on the whole country, more with every zoom. */
export function townsAtZoom(zoom) {
  return Math.round(9 * 2.1 ** Math.max(0, zoom - 5));
}

const overlaps = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** The ways to set a name beside its point, best first. */
function boxesAround({ x, y }, width, height, gap) {
  const box = (left, top) => ({ left, top, right: left + width, bottom: top + height });
  const near = gap * 0.6;
  return [
    box(x + gap, y - height / 2),
    box(x - gap - width, y - height / 2),
    box(x - width / 2, y + gap),
    box(x - width / 2, y - gap - height),
    box(x + near, y + near),
    box(x + near, y - near - height),
    box(x - near - width, y + near),
    box(x - near - width, y - near - height),
  ];
}

/**
 * Place names, the most important first.
 *
 * @param {{name: string, x: number, y: number, width: number, height: number}[]} candidates
 * @param {{left: number, top: number, right: number, bottom: number}[]} obstacles
 * @param {{width: number, height: number}} frame names stay whole inside it
 * @returns {object[]} those that fit, each with left, top and hasDot
 */
export function placeLabels(candidates, obstacles, frame) {
  const names = [];
  const isInFrame = (box) => box.left >= 0 && box.top >= 0 && box.right <= frame.width && box.bottom <= frame.height;
  const placed = [];
  for (const candidate of candidates) {
    const dot = { left: candidate.x - 3, top: candidate.y - 3, right: candidate.x + 3, bottom: candidate.y + 3 };
    // A name stands free beside a circle that covers its town, but not beside another name.
    if (names.some((box) => overlaps(box, dot))) continue;
    const hasDot = !obstacles.some((box) => overlaps(box, dot));
    const gaps = hasDot ? [GAP] : GAPS_BESIDE_CIRCLE;
    const ways = gaps.flatMap((gap) => boxesAround(candidate, candidate.width, candidate.height, gap));
    const isTaken = (way) => [...obstacles, ...names].some((box) => overlaps(box, way));
    const free = ways.find((way) => isInFrame(way) && !isTaken(way));
    if (free) {
      names.push(free);
      if (hasDot) names.push(dot);
      placed.push({ ...candidate, hasDot, left: free.left, top: free.top });
    }
  }
  return placed;
}
