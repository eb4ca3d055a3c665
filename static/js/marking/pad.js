// A field to sign in by finger, pen or mouse. Whoever cannot draw types the name in the field beside it.

export class Pad {
  constructor(canvas) {
    this.canvas = canvas;
    this.strokes = [];
    this.fit();
    canvas.addEventListener("pointerdown", (press) => this.begin(press));
    canvas.addEventListener("pointermove", (move) => this.go(move));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { this.stroke = null; });
    window.addEventListener("resize", () => { if (!this.strokes.length) this.fit(); });
  }

  fit() {
    const { width, height } = this.canvas.getBoundingClientRect();
    this.canvas.width = Math.max(200, Math.round(width));
    this.canvas.height = Math.max(100, Math.round(height));
    this.pen = this.canvas.getContext("2d");
    Object.assign(this.pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#14303a" });
  }

  place(at) {
    const box = this.canvas.getBoundingClientRect();
    const x = Math.round((at.clientX - box.left) * (this.canvas.width / box.width));
    const y = Math.round((at.clientY - box.top) * (this.canvas.height / box.height));
    return [Math.min(this.canvas.width, Math.max(0, x)), Math.min(this.canvas.height, Math.max(0, y))];
  }

  begin(press) {
    press.preventDefault();
    this.canvas.setPointerCapture(press.pointerId);
    this.stroke = this.place(press);
    this.strokes.push(this.stroke);
  }

  go(move) {
    if (!this.stroke) return;
    const [x, y] = this.place(move);
    const before = this.stroke.slice(-2);
    if (before[0] === x && before[1] === y) return;
    this.stroke.push(x, y);
    this.pen.beginPath();
    this.pen.moveTo(...before);
    this.pen.lineTo(x, y);
    this.pen.stroke();
  }

  get empty() { return this.strokes.reduce((count, stroke) => count + stroke.length / 2, 0) < 8; }

  text() { return JSON.stringify({ w: this.canvas.width, h: this.canvas.height, strokes: this.strokes }); }

  clear() {
    this.strokes = [];
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }
}
