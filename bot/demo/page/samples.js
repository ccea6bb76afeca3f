/** Things to send without looking for them first: a drawn picture of a screen, a place, a long story. */

export const STICKERS = ["👍", "❤️", "😊", "🙏"];
export const SAMPLE_PLACE = { latitude: 52.0291, longitude: 5.0806 };
export const SAMPLE_POLL = "Welke dag komt het jou uit?";
export const SAMPLE_SECONDS = 7;
const LONG = 5000;

/** A story of exactly 5,000 characters. */
export function longText() {
  const story =
    "Ik was vanmorgen bij een cliënt en toen deed de app het niet meer. Ik heb alles geprobeerd. " +
    "Eerst heb ik hem uitgezet en weer aangezet. Toen vroeg hij om een code, maar die kwam niet. ";
  return story.repeat(Math.ceil(LONG / story.length)).slice(0, LONG);
}

/** A picture of a phone's screen on which logging in failed, as a PNG file. */
export function samplePicture() {
  const canvas = document.createElement("canvas");
  canvas.width = 480;
  canvas.height = 640;
  const pen = canvas.getContext("2d");
  box(pen, "#e9eef2", 0, 0, 480, 640);
  box(pen, "#274c77", 0, 0, 480, 92);
  write(pen, "#ffffff", "600 30px sans-serif", "Inloggen", 32, 58);
  for (const [words, top] of [["Gebruikersnaam", 150], ["Wachtwoord", 262]]) field(pen, words, top);
  box(pen, "#fbe3e1", 32, 386, 416, 72, 10);
  write(pen, "#8f1d14", "24px sans-serif", "Inloggen is mislukt (code 401)", 52, 430);
  box(pen, "#274c77", 32, 490, 416, 68, 34);
  write(pen, "#ffffff", "600 26px sans-serif", "Opnieuw", 190, 533);
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(new File([blob], "scherm.png", { type: "image/png" })), "image/png");
  });
}

function field(pen, words, top) {
  write(pen, "#44525c", "22px sans-serif", words, 32, top);
  box(pen, "#ffffff", 32, top + 14, 416, 60, 8);
  write(pen, "#44525c", "26px sans-serif", "• • • • • •", 52, top + 54);
}

function box(pen, colour, left, top, width, height, round = 0) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.roundRect(left, top, width, height, round);
  pen.fill();
}

function write(pen, colour, font, words, left, base) {
  pen.fillStyle = colour;
  pen.font = font;
  pen.fillText(words, left, base);
}
