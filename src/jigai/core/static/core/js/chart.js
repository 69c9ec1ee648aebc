// ECharts drawings. The option comes as JSON beside the figure; functions cannot, so money and
// percentages are written by named formats: option.jgFormat = "wan" | "yuan" | "percent" | "count".
import { each, loadScript } from "./ready.js";

const GROUPED = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const FORMATS = {
  wan: (value) => `${GROUPED.format(value)} 万元`,
  yuan: (value) => `${GROUPED.format(value)} 元`,
  percent: (value) => `${value}%`,
  count: (value) => new Intl.NumberFormat("zh-CN").format(value),
};
const COLOURS = ["#1a5fb4", "#2a9d6f", "#c77700", "#7a4fb5", "#b5423a", "#4b8fa8", "#7d8a99"];

// Tooltips are drawn on the canvas: the HTML ones need inline styles, which the policy forbids.
function complete(option) {
  const write = FORMATS[option.jgFormat];
  const text = { fontFamily: getComputedStyle(document.body).fontFamily, color: "#3b4a5a" };
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    color: COLOURS,
    animation: !still,
    textStyle: text,
    grid: { left: 12, right: 20, top: 36, bottom: 8, containLabel: true },
    ...option,
    tooltip: {
      trigger: "axis",
      confine: true,
      ...(write ? { valueFormatter: write } : {}),
      ...option.tooltip,
      renderMode: "richText",
    },
  };
}

each("[data-chart]", async (figure) => {
  const option = JSON.parse(document.getElementById(figure.dataset.option).textContent);
  try {
    await loadScript(figure.dataset.src);
  } catch {
    // The table under the drawing holds the same figures.
    figure.querySelector("details").open = true;
    return;
  }
  const canvas = figure.querySelector(".jg-chart-canvas");
  const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(complete(option));
  new ResizeObserver(() => chart.resize()).observe(canvas);
  // A bar leads to the rows behind it where its data names an address.
  chart.on("click", (event) => {
    const url = event.data?.url;
    if (typeof url === "string" && url.startsWith("/")) window.location.assign(url);
  });
});
