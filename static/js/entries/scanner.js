// The camera: frames are read by the browser where it can, else by the server. Nothing of a frame is kept.

const WAIT = 350;

export class Scanner {
  // `found(text)` is told each code once; `said(kind)` tells the page what is going on.
  constructor(video, url, { found, said }) { Object.assign(this, { video, url, found, said, on: false }); }

  async start() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    } catch { this.said("no_camera"); return false; }
    this.video.srcObject = this.stream;
    await this.video.play();
    this.detector = "BarcodeDetector" in window ? await new window.BarcodeDetector({ formats: ["qr_code", "code_128"] }) : null;
    this.on = true;
    this.said("looking");
    this.look();
    return true;
  }

  stop() {
    this.on = false;
    window.clearTimeout(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.video.srcObject = null;
  }

  async look() {
    if (!this.on) return;
    try {
      const [text] = this.detector ? (await this.detector.detect(this.video)).map((one) => one.rawValue) : await this.ask();
      if (text && this.on) { this.found(text); return; }
      if (this.on) this.said("looking");
    } catch { if (this.on) this.said("camera_offline"); }
    this.timer = window.setTimeout(() => this.look(), WAIT);
  }

  async ask() {
    const width = Math.min(960, this.video.videoWidth);
    if (!width) return [];
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = Math.round((this.video.videoHeight * width) / this.video.videoWidth);
    canvas.getContext("2d").drawImage(this.video, 0, 0, canvas.width, canvas.height);
    const frame = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.8); });
    const answer = await fetch(this.url, { method: "POST", headers: { "Content-Type": "image/jpeg", "X-Laurel": "1" }, body: frame });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).codes;
  }
}
