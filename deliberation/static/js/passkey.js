// Forms with data-passkey ask the phone or computer for a passkey and then send what it answers. Without this script, or in a
// browser that knows no passkeys, they stay hidden and the page speaks of the password. So they do at any other address than the one
// that the passkeys belong to, such as the server's bare number.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const make = async (options) => {
    options.challenge = bytes(options.challenge);
    options.user.id = bytes(options.user.id);
    options.excludeCredentials.forEach((known) => { known.id = bytes(known.id); });
    const made = await navigator.credentials.create({ publicKey: options });
    const { clientDataJSON, attestationObject } = made.response;
    return [made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) }];
  };

  const show = async (options) => {
    options.challenge = bytes(options.challenge);
    options.allowCredentials = [];
    const shown = await navigator.credentials.get({ publicKey: options });
    const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
    return [shown, {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle ? text(userHandle) : "",
    }];
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const options = JSON.parse(form.dataset.options);
    if ((options.rpId ?? options.rp.id) !== location.hostname) return;
    form.hidden = false;
    document.querySelectorAll("[data-without-passkeys]").forEach((part) => { part.hidden = true; });
    const trouble = form.querySelector("[data-trouble]");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      trouble.hidden = true;
      try {
        const [key, response] = await (form.dataset.passkey === "make" ? make : show)(JSON.parse(form.dataset.options));
        form.elements.answer.value = JSON.stringify({ id: key.id, rawId: key.id, type: key.type, response });
        form.submit();
      } catch {
        trouble.hidden = false;
      }
    });
  });
})();
