// Passkeys: the one thing here that no page can do without a script. A form holds in data-options
// what the server asks of the browser; what the device answers is laid into its field "answer".

const fromText = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const toText = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const readKnown = (known) => (known ?? []).map((each) => ({ ...each, id: fromText(each.id) }));

/** A new key pair, as the server reads it. */
async function make(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: fromText(options.challenge),
      user: { ...options.user, id: fromText(options.user.id) },
      excludeCredentials: readKnown(options.excludeCredentials),
    },
  });
  return {
    id: made.id,
    rawId: toText(made.rawId),
    type: made.type,
    response: {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

/** A signature by a key that the device has, as the server reads it. */
async function show(options) {
  const shown = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: fromText(options.challenge),
      allowCredentials: readKnown(options.allowCredentials),
    },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  return {
    id: shown.id,
    rawId: toText(shown.rawId),
    type: shown.type,
    response: {
      clientDataJSON: toText(clientDataJSON),
      authenticatorData: toText(authenticatorData),
      signature: toText(signature),
      userHandle: userHandle ? toText(userHandle) : null,
    },
  };
}

/** Lets `form` ask the device before it is sent. */
function connect(form) {
  const refused = form.querySelector(".passkey-refused");
  form.addEventListener("submit", async (event) => {
    if (form.elements.answer.value) {
      return;
    }
    event.preventDefault();
    refused.hidden = true;
    const options = JSON.parse(form.dataset.options);
    try {
      const answer = await (form.dataset.passkey === "new" ? make(options) : show(options));
      form.elements.answer.value = JSON.stringify(answer);
    } catch {
      // The person thought better of it, the time ran out, or the device has none.
      refused.hidden = false;
      return;
    }
    form.requestSubmit();
  });
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("[data-passkey]").forEach(connect);
  document.querySelectorAll(".with-passkeys").forEach((part) => {
    part.hidden = false;
  });
  document.querySelectorAll(".without-passkeys").forEach((part) => {
    part.hidden = true;
  });
}
