// Runs inside a page and returns what is wrong with it, as texts. It is injected by the test; pages have no script.
const bad = [];
const say = (what, element) => bad.push(`${what}: ${(element.outerHTML || element.nodeValue || '').slice(0, 120)}`);

// Width.
const root = document.scrollingElement;
if (root.scrollWidth > root.clientWidth) bad.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
for (const element of document.body.querySelectorAll('*')) {
  if (element.matches('.skip')) continue;
  const box = element.getBoundingClientRect();
  if (box.width > 0 && (box.right > root.clientWidth + 1 || box.left < -1)) say('wider than the screen', element);
  if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === 'auto') say('scrolls by itself', element);
}

// Labels.
if (!document.documentElement.lang) bad.push('no lang');
if (!document.title.trim()) bad.push('no title');
if (!document.querySelector('meta[name=viewport]')) bad.push('no viewport');
if (document.querySelectorAll('h1').length !== 1) bad.push('not exactly one h1');
let level = 0;
for (const heading of document.querySelectorAll('h1,h2,h3,h4,h5,h6')) {
  const own = Number(heading.tagName[1]);
  if (own > level + 1) say(`heading jumps from ${level} to ${own}`, heading);
  if (!heading.textContent.trim()) say('empty heading', heading);
  level = own;
}
for (const link of document.querySelectorAll('a,button')) {
  if (!link.textContent.trim() && !link.getAttribute('aria-label')) say('no name', link);
  const href = link.getAttribute('href') || '';
  if (href.startsWith('#') && !document.getElementById(decodeURIComponent(href.slice(1)))) say('leads nowhere', link);
}
for (const landmark of document.querySelectorAll('nav')) if (!landmark.getAttribute('aria-label')) say('no name', landmark);
for (const table of document.querySelectorAll('table')) {
  if (!table.caption || !table.caption.textContent.trim()) say('no caption', table);
  const columns = table.querySelectorAll('thead th[scope=col]').length;
  if (columns === 0) say('no header cells', table);
  for (const row of table.tBodies[0].rows) {
    if (row.cells.length !== columns) say('row of another length', row);
    if (row.cells[0].tagName !== 'TH') say('row without a header', row);
    for (const cell of row.cells) if (!cell.dataset.label) say('cell without a label', cell);
  }
}
const ids = new Set();
for (const element of document.querySelectorAll('[id]')) {
  if (ids.has(element.id)) say('id twice', element);
  ids.add(element.id);
}
for (const element of document.querySelectorAll('script,img,iframe,object,embed,form,input,video,audio,[style]')) say('does not belong here', element);

// Contrast.
const rgba = (text) => {
  const parts = (text.match(/[\d.]+/g) || []).map(Number);
  return { r: parts[0], g: parts[1], b: parts[2], a: parts.length > 3 ? parts[3] : 1 };
};
const luminance = ({ r, g, b }) => {
  const linear = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
};
const background = (element) => {
  for (; element; element = element.parentElement) {
    const colour = rgba(getComputedStyle(element).backgroundColor);
    if (colour.a === 1) return colour;
    if (colour.a > 0) bad.push('half-transparent background');
  }
  return { r: 255, g: 255, b: 255, a: 1 };
};
const contrast = (element, pseudo) => {
  const text = luminance(rgba(getComputedStyle(element, pseudo).color));
  const behind = luminance(background(element));
  return (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let texts = 0;
while (walker.nextNode()) {
  const node = walker.currentNode;
  if (!node.nodeValue.trim() || !node.parentElement.getClientRects().length) continue;
  texts += 1;
  const ratio = contrast(node.parentElement);
  if (ratio < 4.5) say(`contrast ${ratio.toFixed(2)}`, node);
}
if (texts < 10) bad.push('hardly any text');
for (const cell of document.querySelectorAll('tbody th, tbody td')) {
  if (getComputedStyle(cell, '::before').content === 'none' || !cell.getClientRects().length) continue;
  const ratio = contrast(cell, '::before');
  if (ratio < 4.5) say(`contrast of the label ${ratio.toFixed(2)}`, cell);
}

// The colours that the reader asked for.
const isDark = matchMedia('(prefers-color-scheme: dark)').matches;
if ((luminance(background(document.body)) < 0.2) !== isDark) bad.push('not the colours that were asked for');

// Requests.
for (const entry of performance.getEntriesByType('resource')) bad.push(`asked for ${entry.name}`);
return bad.slice(0, 20);
