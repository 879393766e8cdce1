extension HTMLReport {
  /// Colours by meaning, once for light and once for dark; system fonts; nothing that must be
  /// fetched.
  static let style = """

    :root { --ground: #f6f7f9; --card: #ffffff; --ink: #1c2330; --soft: #5b6675; --line: #dde2ea;
      --good: #1a7f4b; --good-soft: #d7f0e2; --bad: #b3261e; --bad-soft: #fbe1df; --some: #9a6700;
      --some-soft: #fff0cc; --track: #e8ebf0; --code: #eef1f5; --accent: #3457d5; --granted: #a9b9f2; }
    @media (prefers-color-scheme: dark) {
      :root { --ground: #12161d; --card: #1a2029; --ink: #e6eaf0; --soft: #98a4b5; --line: #2c3542;
        --good: #4cc38a; --good-soft: #163527; --bad: #ff8079; --bad-soft: #41201f; --some: #e5b567;
        --some-soft: #3a2f18; --track: #2a323e; --code: #232b36; --accent: #8ba6ff; --granted: #3d4f87; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.5rem; }
    header { padding-top: 2.5rem; padding-bottom: 1rem; }
    .kicker { margin: 0; color: var(--soft); font-size: .85rem; letter-spacing: .04em; text-transform: uppercase; }
    h1 { margin: .2rem 0 0; font-size: 1.9rem; line-height: 1.2; letter-spacing: -.01em; }
    .pass .mark { color: var(--good); } .fail .mark { color: var(--bad); }
    section { margin: 0 0 2.5rem; }
    section > h2 { font-size: 1.2rem; margin: 0 0 .75rem; }
    h3.file { font: 600 .9rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: var(--soft); margin: 1.5rem 0 .5rem; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .9rem; margin-top: .5rem; }
    .tile, .failure, .rules, .suites, .plain { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
    .tile { padding: .9rem 1rem; } .tile h2 { margin: 0; font-size: .85rem; font-weight: 600; color: var(--soft); }
    .big { margin: .1rem 0 .4rem; font-size: 1.7rem; font-weight: 650; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
    .small, .place { color: var(--soft); font-size: .85rem; margin: .3rem 0; }
    .place { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .8rem; }
    .bar { height: 6px; border-radius: 3px; background: var(--track); overflow: hidden; }
    .bar span { display: block; height: 100%; border-radius: 3px; }
    .bar.full span { background: var(--good); } .bar.most span { background: var(--some); } .bar.few span { background: var(--bad); }
    code, pre { font: .84rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    code { background: var(--code); border-radius: 4px; padding: .05rem .3rem; overflow-wrap: anywhere; }
    pre { background: var(--code); border-radius: 8px; padding: .8rem 1rem; overflow-x: auto; margin: .6rem 0 0; }
    .failure { padding: 1rem 1.2rem; margin-bottom: .9rem; border-left: 4px solid var(--bad); }
    .failure h3 { margin: 0; font-size: 1.05rem; overflow-wrap: anywhere; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; }
    th { text-align: left; font-weight: 600; color: var(--soft); font-size: .8rem; }
    td, th { padding: .35rem .6rem; vertical-align: top; border-bottom: 1px solid var(--line); }
    tbody tr:last-child td, tbody tr:last-child th { border-bottom: 0; }
    .differences { width: auto; min-width: 60%; margin-top: .5rem; }
    .differences td { font: .84rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
    .expected { background: var(--bad-soft); } .actual { background: var(--good-soft); }
    .plain td { font-size: .9rem; }
    details > summary { cursor: pointer; list-style: none; }
    details > summary::-webkit-details-marker { display: none; }
    .failure summary { color: var(--accent); font-size: .9rem; margin-top: .7rem; }
    .rules > details, .suites > details { border-bottom: 1px solid var(--line); padding: .45rem 1rem; }
    .rules > details:last-child, .suites > details:last-child { border-bottom: 0; }
    .rules > details > summary { display: grid; grid-template-columns: 5.6rem 1fr auto 9rem 3.5rem; gap: .8rem; align-items: center; }
    .suites > details > summary { display: flex; justify-content: space-between; gap: 1rem; }
    summary:hover .name { color: var(--accent); } summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
    .name { font-weight: 550; overflow-wrap: anywhere; } .quiet .name { color: var(--bad); }
    .count, .outcomes { color: var(--soft); font-size: .83rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .outcomes { text-align: right; }
    .badge { font-size: .75rem; font-weight: 600; border-radius: 999px; padding: .05rem .55rem; text-align: center; background: var(--code); color: var(--soft); }
    .badge.deny { background: var(--bad-soft); color: var(--bad); } .badge.allow { background: var(--good-soft); color: var(--good); }
    .badge.warn { background: var(--some-soft); color: var(--some); }
    .clauses { margin: .3rem 0 .6rem; } .clauses td:nth-child(-n+3), .clauses th:nth-child(-n+3) { width: 4rem; text-align: right; font-variant-numeric: tabular-nums; }
    .seen { color: var(--good); } .unseen { color: var(--bad); font-weight: 700; background: var(--bad-soft); }
    .legend { display: flex; flex-wrap: wrap; gap: .4rem .5rem; align-items: center; font-size: .87rem; color: var(--soft); margin: 0 0 .6rem; }
    .legend svg:not(:first-child) { margin-left: .8rem; }
    .matrix text { font: 10.5px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: var(--soft); }
    .matrix rect:hover { stroke: var(--ink); stroke-width: 1.5; }
    rect.tested { fill: var(--accent); } rect.granted { fill: var(--granted); } rect.refused { fill: var(--track); }
    .suites ul { margin: .4rem 0 .5rem; padding-left: 1.4rem; font-size: .9rem; } .suites li::marker { content: "✓  "; color: var(--good); }
    .suites li.failed::marker { content: "✗  "; color: var(--bad); } .suites li.skipped::marker { content: "–  "; color: var(--soft); }
    footer { padding-bottom: 3rem; color: var(--soft); font-size: .85rem; }
    @media (max-width: 46rem) { .rules > details > summary { grid-template-columns: 5.6rem 1fr; } .rules .count { grid-column: 2; } .rules .bar { grid-column: 2; } .rules .outcomes { display: none; } }

    """
}
