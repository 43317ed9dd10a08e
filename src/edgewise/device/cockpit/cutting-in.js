// Whether somebody cuts in while an answer is played, by how loud the microphone is: known in a
// twentieth of a second, long before the device knows that it is speech. A guess, which the device
// then confirms or not; what is left of the answer's own sound in the microphone counts as its floor.

const LEAST = 0.02; // of full scale: quieter is no one who speaks to a device
const ABOVE = 3;
const PIECES = 2; // in a row: one is a click
const LEARNS = 0.08;

export class CuttingIn {
  constructor() { this.begin(); }

  // An answer begins to be played.
  begin() {
    this.floor = 0;
    this.loud = 0;
  }

  // The peak of another piece of sound; true once somebody seems to cut in.
  feed(peak) {
    const stands = peak > LEAST && peak > ABOVE * this.floor;
    this.floor += LEARNS * (peak - this.floor);
    this.loud = stands ? this.loud + 1 : 0;
    return this.loud >= PIECES;
  }
}
