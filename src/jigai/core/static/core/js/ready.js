// Set up every element that matches, now and whenever htmx brings in a part of a page.
// One place, so that no component has to know how it came onto the page.

export function each(selector, setUp) {
  const done = new WeakSet();
  const scan = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches && root.matches(selector)) found.unshift(root);
    for (const element of found) {
      if (done.has(element)) continue;
      done.add(element);
      setUp(element);
    }
  };
  scan(document);
  document.addEventListener("htmx:load", (event) => scan(event.detail.elt));
}

const loading = new Map();

// Large libraries are fetched only by pages that hold something to draw with them.
export function loadScript(url) {
  if (!loading.has(url)) {
    loading.set(url, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`not loaded: ${url}`));
      document.head.append(script);
    }));
  }
  return loading.get(url);
}

export function toast(text, tone = "info") {
  const box = document.createElement("div");
  box.className = `jg-alert jg-alert-${tone}`;
  const words = document.createElement("div");
  words.textContent = text;
  box.append(words);
  document.querySelector(".jg-toasts")?.append(box);
  setTimeout(() => box.remove(), 6000);
}

// Small wishes about the look are cookies, so that the server's first paint already has them.
export function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}

export function sizeText(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1048576) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1048576).toFixed(1)} MB`;
}
