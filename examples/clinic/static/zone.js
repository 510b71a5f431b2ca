// Tells the server the visitor's own zone, once, so that every time on every page is shown in it. Without script the
// clinician's zone stays, and the page says so.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split("; ").includes("zone=" + encodeURIComponent(zone))) {
  document.cookie = "zone=" + encodeURIComponent(zone) + "; path=/; max-age=31536000; samesite=lax";
  if (document.querySelector(".zone-name")) location.reload();
}
