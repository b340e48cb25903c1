// Charts that answer to the pointer: ECharts draws what the picture in the page shows. Without it, or in print, the picture stays.
"use strict";

const ROW = 14;
const GROUP = 10;

const locale = new Intl.NumberFormat("ru");
const percent = new Intl.NumberFormat("ru", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

function colours() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  return { series: Array.from({ length: 8 }, (_, number) => value(`--c${number}`)), ink: value("--ink"), quiet: value("--quiet"), line: value("--line"), sheet: value("--sheet") };
}

function shortened(label, most) {
  return label.length <= most ? label : `${label.slice(0, Math.floor(most / 3)).trimEnd()}…${label.slice(-Math.floor((2 * most) / 3)).trimStart()}`;
}

function option(plot, width) {
  const colour = colours();
  const shown = (value) => (value === null || value === undefined ? "–" : (plot.share ? percent : locale).format(value));
  const longest = Math.min(Math.max(...plot.labels.map((label) => label.length)) * 7.4 + 12, Math.min(290, width * 0.42));
  const names = { type: "category", data: plot.labels, inverse: plot.lying, axisTick: { show: false }, axisLine: { lineStyle: { color: colour.line } },
    boundaryGap: plot.shape !== "line", axisLabel: { color: colour.quiet, formatter: (label) => shortened(label, plot.lying ? Math.floor(longest / 7.4) : 60), interval: plot.lying ? 0 : "auto" } };
  const values = { type: "value", splitNumber: width < 480 ? 2 : 4, minInterval: plot.share ? 0 : 1, axisLabel: { color: colour.quiet, formatter: shown },
    splitLine: { lineStyle: { color: colour.line } } };
  const several = plot.series.length > 1;
  return {
    animation: false,
    color: colour.series,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    grid: { left: plot.lying ? longest : 64, right: plot.lying ? 56 : 16, top: 12, bottom: several ? 58 : 28 },
    legend: several ? { bottom: 0, type: "scroll", itemWidth: 14, itemHeight: 10, textStyle: { color: colour.quiet }, pageTextStyle: { color: colour.quiet }, pageIconColor: colour.ink } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText", confine: true, axisPointer: { type: plot.shape === "line" ? "line" : "shadow" }, backgroundColor: colour.sheet,
      borderColor: colour.line, textStyle: { color: colour.ink, fontSize: 13 }, valueFormatter: shown },
    xAxis: plot.lying ? { ...values, axisLabel: { show: false }, splitLine: { show: false } } : names,
    yAxis: plot.lying ? names : values,
    series: plot.series.map((one) => ({
      name: one.title, data: one.values, type: plot.shape === "line" ? "line" : "bar", stack: plot.shape === "stacked" ? "all" : undefined, barMaxWidth: plot.lying ? ROW : 64,
      symbolSize: 7, emphasis: { focus: "series" },
      label: plot.lying && plot.shape !== "stacked" ? { show: true, position: "right", color: colour.quiet, formatter: ({ value }) => shown(value) } : undefined })),
  };
}

function enliven(figure) {
  const plot = JSON.parse(figure.dataset.plot);
  const picture = figure.querySelector("svg");
  const place = document.createElement("div");
  const rows = plot.labels.length * (GROUP + ROW * (plot.shape === "stacked" ? 1 : plot.series.length));
  place.className = "alive";
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", picture.getAttribute("aria-label"));
  place.style.height = `${(plot.lying ? rows + 20 : 260) + (plot.series.length > 1 ? 46 : 0)}px`;
  picture.after(place);
  picture.classList.add("still");
  const chart = echarts.init(place, null, { renderer: "canvas" });
  const draw = () => chart.setOption(option(plot, place.clientWidth), true);
  new ResizeObserver(() => {
    if (!place.clientWidth) return;
    chart.resize();
    draw();
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

if (window.echarts) {
  const near = new IntersectionObserver((seen) => seen.filter((one) => one.isIntersecting).forEach((one) => {
    near.unobserve(one.target);
    enliven(one.target);
  }), { rootMargin: "200px" });
  document.querySelectorAll("[data-plot]").forEach((figure) => near.observe(figure));
}
