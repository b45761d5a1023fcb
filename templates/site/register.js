/* The register's finder: filters, search and sorting over lines that are loaded month by month.
   The page is whole without it. Its one rule: what is looked for stands in the address (after the #), so that
   it can be mailed and the back button works; what comes out of a line is put into the page as text only.
   The lines are classic scripts, data/2026-11.js, because a page opened from a folder may load nothing else. */
(function () {
  "use strict";

  var PAGE = 100;                 // rows that are shown at first, and more each time
  var AT_ONCE = 4;                // files that are loaded at the same time
  var PATIENCE = 150;             // milliseconds between keystroke and search, and between two drawings
  var FRESH = 300000;             // milliseconds for which a browser may keep a file of lines
  var NUMBER = /^(?:pc)?\s*(\d{2})(\d{2})(\d{2})\s*-?\s*0*(\d{1,5})\s*(?:[a-z]{1,2}(?:\s|$))*$/i;
  var A_DAY = /^pc\s*(\d{2})(\d{2})(\d{2})-?$/i;
  var COLUMNS = [                 // as in rows.html; `first` is the direction of the first press
    {key: "number", name: "Number", first: -1},
    {key: "title", name: "Title", first: 1},
    {key: "company", name: "Company", first: 1},
    {key: "area", name: "Area impacted", first: 1},
    {key: "product", name: "Products impacted", first: 1},
    {key: "phase", name: "Phase", first: 1},
    {key: "status", name: "Status date", first: -1},
    {key: "step", name: "Next step", first: 1},
    {key: "next", name: "Next date", first: 1},
    {key: "crpm", name: "CRPM", first: 1}
  ];
  var FILTERS = ["state", "phase", "company", "area", "product", "crpm"];
  var ASKED = {company: "company", area: "area", product: "product", crpm: "CRPM"};
  var LET_GO = {
    state: ", which is neither open nor closed; both are shown.",
    phase: ", which is no phase; all of them are shown.",
    sort: ", which is no order; the newest stand first."
  };
  var NEWEST = "-number";
  var IN_WORDS = /^Other \(.*\)$/s;   // an area that its submitter named: the filter has Other, once

  var form = document.getElementById("finder");
  var table = document.getElementById("register");
  var found = document.getElementById("found");
  var more = document.getElementById("more");
  var listed = document.getElementById("listed");
  if (!form || !table || !listed) { return; }

  var caption = table.caption, still = table.tBodies[0], stillSays = caption.textContent, stillFound = found.textContent;
  var elsewhere = document.getElementById("elsewhere"), opens = document.getElementById("opens"), choices = document.getElementById("choices");
  var facts = null, waiting = {}, loading = 0, failed = {}, asked = 0, drawn = 0, timer = 0, learners = [], onward = null, settled = 0;
  var stamp = location.protocol === "file:" ? "" : "?" + Math.floor(Date.now() / FRESH).toString(36);
  var collator = new Intl.Collator("en", {numeric: true, sensitivity: "base"});
  var months = Array.prototype.map.call(listed.querySelectorAll("[data-month]"), function (item) {
    return {key: item.dataset.month, count: +item.dataset.count, open: +item.dataset.open, lines: null};
  });
  var all = months.reduce(function (sum, month) { return sum + month.count; }, 0);
  var byKey = {};
  months.forEach(function (month) { byKey[month.key] = month; });

  /* What the files of lines call. */
  window.cmpbot = function (name, value) {
    if (name === "facts") {
      facts = value;
      value.phases.forEach(function (phase, place) { order[phase] = place; });
      value.ended.forEach(function (phase) { ended[phase] = true; });
      FILTERS.forEach(function (key) { if (value[key]) { offer(key, value[key]); } });
    } else if (byKey[name] && !byKey[name].lines) {
      byKey[name].lines = value.map(line);
    }
  };
  var order = {}, ended = {}, offered = {};

  function line(row) {
    var dated = /^(?:PC|SCR)(\d\d)(\d\d)(\d\d)-(\d+)$/.exec(row[0]);
    return {
      number: row[0], flags: row[1] ? row[1].split(" ") : [], title: row[2], company: row[3], areas: row[4],
      products: row[5], phase: row[6], status: row[7], step: row[8], next: row[9], crpm: row[10],
      age: dated ? +(dated[3] + dated[1] + dated[2]) * 100000 + +dated[4] : +row[0], text: ""
    };
  }

  /* As a keyboard writes it: what word processors put for a hyphen, and what nobody sees. */
  function typed(text) {
    return text.normalize("NFKD").replace(/[\u2010-\u2015\u2212]/g, "-").replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "");
  }

  function fold(text) {
    return typed(text).replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function words(one) {
    if (!one.text) {
      one.text = fold([one.number, one.flags.join(" "), one.title, one.company, one.areas.join(" "),
        one.products.join(" "), one.phase, one.step, one.crpm, us(one.status), us(one.next)].join("\n"));
    }
    return one.text;
  }

  function areaOf(text) {
    return text.replace(IN_WORDS, "Other");
  }

  function us(iso) {
    return iso ? iso.slice(5, 7) + "/" + iso.slice(8) + "/" + iso.slice(0, 4) : "";
  }

  /* What somebody wrote into an address, as it may be quoted. */
  function quoted(text) {
    var plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "");
    return "\u201c" + (plain.length > 60 ? plain.slice(0, 60) + "\u2026" : plain) + "\u201d";
  }

  /* The one of some values that is meant, however its letters are written. */
  function meant(text, values) {
    if (values.indexOf(text) >= 0) { return text; }
    var folded = fold(text).trim();
    return values.filter(function (value) { return value && fold(value) === folded; })[0];
  }

  /* ---- what is looked for, and the address ---- */

  function inAddress() {
    var hash = location.hash.slice(1), given = new URLSearchParams(hash.indexOf("=") < 0 ? "" : hash);
    var state = {q: (given.get("q") || "").slice(0, 200), sort: given.get("sort") || NEWEST, show: PAGE};
    state.strange = "";
    if (!column(state.sort)) {
      state.strange += " The address asks for " + quoted(state.sort) + LET_GO.sort;
      state.sort = NEWEST;
    }
    var show = parseInt(given.get("show"), 10);
    if (show > PAGE) { state.show = Math.min(Math.ceil(show / PAGE) * PAGE, 100000); }
    FILTERS.forEach(function (key) { state[key] = given.get(key) || ""; });
    state.area = areaOf(state.area);
    ["state", "phase"].forEach(function (key) {
      var values = Array.prototype.map.call(form.elements[key].options, function (option) { return option.value; });
      var value = meant(state[key], values);
      if (value === undefined) { state.strange += " The address asks for " + quoted(state[key]) + LET_GO[key]; }
      state[key] = value || "";
    });
    return state;
  }

  function asHash(state) {
    var given = new URLSearchParams();
    ["q"].concat(FILTERS).forEach(function (key) { if (state[key]) { given.set(key, state[key]); } });
    if (state.sort !== NEWEST) { given.set("sort", state.sort); }
    if (state.show > PAGE) { given.set("show", state.show); }
    return given.toString();
  }

  var current = inAddress();

  function keep(state, replacing) {
    var hash = asHash(state);
    if (hash === asHash(current) && hash === (location.hash.indexOf("=") < 0 ? "" : asHash(inAddress()))) {
      current = state;
      return;
    }
    current = state;
    var address = location.href.replace(/#.*$/, "") + (hash ? "#" + hash : "");
    try {
      history[replacing ? "replaceState" : "pushState"](null, "", address);
    } catch (refused) {           // some browsers keep no history of files
      location.hash = hash;
    }
  }

  function column(sort) {
    var key = sort.replace(/^-/, "");
    return COLUMNS.filter(function (one) { return one.key === key; })[0];
  }

  /* ---- the form ---- */

  function offer(key, values) {
    var select = form.elements[key], seen = offered[key] = offered[key] || {}, fresh = [];
    if (key === "phase" || !select) { return; }
    values.forEach(function (value) {
      if (value && !Object.prototype.hasOwnProperty.call(seen, value)) {
        seen[value] = true;
        fresh.push(value);
      }
    });
    fresh.forEach(function (value) { if (!has(select, value)) { add(select, value); } });
  }

  function has(select, value) {
    return Array.prototype.some.call(select.options, function (option) { return option.value === value; });
  }

  function add(select, value) {
    var option = new Option(value, value), at = select.options.length;
    while (at > 1 && collator.compare(select.options[at - 1].value, value) > 0) { at -= 1; }
    select.add(option, at);
  }

  function known(key) {
    return Object.keys(offered[key] || {});
  }

  /* A value that only the address has stands in its box as it is, so that nobody wonders why nothing is found. */
  function take(key, state) {
    var select = form.elements[key], choices = known(key);
    state[key] = meant(state[key], choices) || state[key];
    Array.prototype.slice.call(select.options, 1).forEach(function (option) {
      if (choices.indexOf(option.value) < 0 && option.value !== state[key]) { option.remove(); }
    });
    if (!has(select, state[key])) { add(select, state[key]); }
  }

  function fill(state) {
    if (form.elements.q.value !== state.q) { form.elements.q.value = state.q; }
    FILTERS.forEach(function (key) {
      var select = form.elements[key];
      if (ASKED[key]) { take(key, state); }
      select.value = state[key];
      select.classList.toggle("set", select.value !== "");
    });
    form.elements.sort.value = state.sort;
    var set = FILTERS.filter(function (key) { return state[key]; }).length + (state.sort !== NEWEST ? 1 : 0);
    opens.textContent = "Filters and order" + (set ? " (" + set + " set)" : "");
  }

  function inForm() {
    var state = {q: form.elements.q.value.trim().slice(0, 200), sort: form.elements.sort.value || NEWEST, show: PAGE};
    FILTERS.forEach(function (key) { state[key] = form.elements[key].value; });
    return state;
  }

  /* ---- loading ---- */

  function fetchFile(path, done) {
    var script = document.createElement("script");
    script.src = path + stamp;
    script.onload = script.onerror = function (event) {
      script.remove();
      done(event.type === "load");
    };
    document.head.appendChild(script);
  }

  /* What is asked for may change while files are on their way: each that comes serves the newest question. */
  function load(wanted, then) {
    onward = then;
    var queue = wanted.filter(function (month) { return !month.lines && !waiting[month.key]; });
    queue.slice(0, Math.max(0, AT_ONCE - loading)).forEach(function (month) {
      waiting[month.key] = true;
      loading += 1;
      fetchFile("data/" + month.key + ".js", function (well) {
        waiting[month.key] = false;
        loading -= 1;
        if (!well || !month.lines) {
          failed[month.key] = true;
        } else {
          month.lines.forEach(function (one) {
            offer("company", [one.company]);
            offer("area", one.areas.map(areaOf));
            offer("product", one.products);
            offer("crpm", [one.crpm]);
          });
        }
        onward();
      });
    });
  }

  /* What can be chosen from; asked for once, and again where it could not be had. */
  function learn(then) {
    learners.push(then);
    if (learners.length > 1) { return; }
    fetchFile("data/months.js", function () {
      var told = learners;
      learners = [];
      told.forEach(function (each) { each(); });
    });
  }

  /* ---- finding ---- */

  function match(state) {
    var terms = fold(state.q).split(/\s+/).filter(Boolean);
    return function (one) {
      if (state.state && (state.state === "closed") !== (ended[one.phase] === true)) { return false; }
      if (state.phase && one.phase !== state.phase) { return false; }
      if (state.company && one.company !== state.company) { return false; }
      if (state.area && one.areas.map(areaOf).indexOf(state.area) < 0) { return false; }
      if (state.product && one.products.indexOf(state.product) < 0) { return false; }
      if (state.crpm && one.crpm !== state.crpm) { return false; }
      return terms.every(function (term) { return words(one).indexOf(term) >= 0; });
    };
  }

  /* A number leads straight to its row, whatever else is chosen. */
  function aim(state) {
    var asks = typed(state.q).trim(), exact = NUMBER.exec(asks), day = exact ? null : A_DAY.exec(asks), of = exact || day;
    if (!of) { return null; }
    if (/^\d+$/.test(asks) && !months.some(function (month) { return month.key === "20" + of[3] + "-" + of[1]; })) {
      return null;                              // figures alone, and no such month: a number from before the dated ones
    }
    var start = "PC" + of[1] + of[2] + of[3] + "-";
    return {
      month: "20" + of[3] + "-" + of[1],
      name: exact ? start + +of[4] : start.slice(0, -1),
      exact: !!exact,
      hits: function (one) { return exact ? one.number === start + +exact[4] : one.number.indexOf(start) === 0; }
    };
  }

  function relevant(state, target) {
    return months.filter(function (month) {
      if (target) { return month.key === target.month; }
      if (state.state === "open" || (state.phase && !ended[state.phase])) { return month.open > 0; }
      if (state.state === "closed" || state.phase) { return month.open < month.count; }
      return true;
    });
  }

  function value(one, key) {
    if (key === "number") { return one.age; }
    if (key === "phase") { return order[one.phase] === undefined ? 99 : order[one.phase]; }
    if (key === "area") { return one.areas.join("; "); }
    if (key === "product") { return one.products.join("; "); }
    return one[key];
  }

  function sorted(lines, sort) {
    var key = column(sort).key, down = sort.charAt(0) === "-" ? -1 : 1;
    var keyed = lines.map(function (one) { return [value(one, key), one]; });
    keyed.sort(function (a, b) {
      if (a[0] === "" || b[0] === "") {          // what has none comes last, whichever way round
        return (a[0] === "" ? 1 : 0) - (b[0] === "" ? 1 : 0) || b[1].age - a[1].age;
      }
      var by = typeof a[0] === "number" ? a[0] - b[0] :
        key === "status" || key === "next" ? (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) : collator.compare(a[0], b[0]);
      return by * down || b[1].age - a[1].age;
    });
    return keyed.map(function (pair) { return pair[1]; });
  }

  function plain(state) {
    return asHash(state) === "";
  }

  function run() {
    var turn = asked += 1, state = current;
    marks(state);
    clearTimeout(timer);
    elsewhere.hidden = true;
    failed = {};
    if (plain(state)) {
      show(still, stillSays);
      table.removeAttribute("aria-busy");
      more.hidden = all <= PAGE;
      say(stillFound + strange(state));
      settled = turn;
      return;
    }
    if (!facts) {
      table.setAttribute("aria-busy", "true");
      learn(function () {
        if (turn !== asked) { return; }
        if (facts) { return run(); }
        table.removeAttribute("aria-busy");
        settled = turn;
        say("The lines of the register cannot be loaded. The lists below have all of them.");
      });
      return;
    }
    drawn = 0;
    step(state, aim(state), turn);
  }

  function step(state, target, turn) {
    if (turn !== asked) { return; }
    var wanted = relevant(state, target), hits = target ? target.hits : match(state), lines = [];
    wanted.forEach(function (month) {
      if (month.lines) {
        Array.prototype.push.apply(lines, month.lines.filter(hits));
      }
    });
    var missing = wanted.filter(function (month) { return !month.lines && !failed[month.key]; });
    var unfiltered = !target && !state.q && !FILTERS.some(function (key) { return state[key]; });
    if (unfiltered && state.sort === NEWEST && missing.length) {   // so many are enough
      var ahead = 0;
      missing = missing.filter(function (month) {
        var needed = before(month) < state.show;
        ahead += needed ? 1 : 0;
        return needed;
      });
    }
    if (missing.length) {
      load(missing, function () { step(state, target, turn); });
      progress(state, target, missing, lines, turn);
    } else {
      clearTimeout(timer);
      timer = 0;
      draw(state, target, lines, unfiltered);
    }
  }

  function before(month) {
    var sum = 0;
    for (var at = 0; months[at] !== month; at += 1) { sum += months[at].count; }
    return sum;
  }

  function progress(state, target, missing, lines, turn) {
    say(target ? "Looking for " + target.name + " \u2026" : "Searching " + missing[0].key.slice(0, 4) + " \u2026");
    table.setAttribute("aria-busy", "true");
    if (timer || !lines.length) { return; }
    timer = setTimeout(function () {
      timer = 0;
      if (turn === asked) { paint(sorted(lines, state.sort).slice(0, state.show), "So far"); }
    }, drawn ? PATIENCE : 0);
  }

  function draw(state, target, lines, unfiltered) {
    var total = unfiltered ? all : lines.length, shown = sorted(lines, state.sort).slice(0, state.show);
    var bad = Object.keys(failed).sort();
    settled = asked;
    paint(shown, shown.length < total ? "The first " + shown.length + " of " + count(total) : count(total));
    table.removeAttribute("aria-busy");
    more.hidden = shown.length >= total;
    elsewhere.hidden = !state.q || target !== null || total > 0;
    if (target && !lines.length && !bad.length) {
      say(target.exact ? "There is no CR " + target.name + "." : "No CR has the date of " + target.name + ".");
    } else if (target) {
      say(target.exact && lines.length ? target.name + " found. Press Enter to go to its row." : count(total) + " found.");
    } else {
      say((total ? count(total) : "No CR") + (unfiltered ? "" : " found") + (shown.length < total ?
        "; the first " + shown.length + " are shown" : "") + "." + (total ? "" : nowhere(state)) + strange(state));
    }
    if (bad.length) { say("Of " + bad.join(", ") + " the lines cannot be loaded; the months below have them. " + found.textContent); }
  }

  /* What the address asks for and nobody can choose. */
  function strange(state) {
    return state.strange || "";
  }

  function nowhere(state) {
    return Object.keys(ASKED).map(function (key) {
      return !state[key] || known(key).indexOf(state[key]) >= 0 ? "" :
        " None of those searched has the " + ASKED[key] + " " + quoted(state[key]) + ", which the address asks for.";
    }).join("");
  }

  function count(total) {
    return total.toLocaleString("en-US") + (total === 1 ? " CR" : " CRs");
  }

  function say(text) {
    if (found.textContent !== text) { found.textContent = text; }
  }

  /* ---- drawing ---- */

  function cell(row, name, label, classes) {
    var made = document.createElement(name);
    if (name === "th") { made.scope = "row"; }
    made.setAttribute("role", name === "th" ? "rowheader" : "cell");
    if (classes) { made.className = classes; }
    if (label) { made.dataset.label = label; }
    row.appendChild(made);
    return made;
  }

  function put(parent, name, text, classes) {
    var made = document.createElement(name);
    made.textContent = text;
    if (classes) { made.className = classes; }
    parent.appendChild(made);
    return made;
  }

  function drawRow(one) {
    var row = document.createElement("tr");
    row.setAttribute("role", "row");
    var head = cell(row, "th", "", "number");
    put(head, "a", one.number).href = "cr/" + one.number + ".html";
    one.flags.forEach(function (flag) {
      head.appendChild(document.createTextNode(" "));
      put(head, "abbr", flag).title = facts.flags[flag] || flag;
    });
    put(cell(row, "td", "", "title"), "bdi", one.title);
    put(cell(row, "td", "Company"), "bdi", one.company);
    cell(row, "td", "Area impacted").textContent = one.areas.join("; ");
    cell(row, "td", "Products impacted").textContent = one.products.join("; ");
    put(cell(row, "td", "Phase"), "span", one.phase, "phase");
    cell(row, "td", "Status date", "date").textContent = us(one.status);
    said(cell(row, "td", "Next step"), one.step, "None planned");
    said(cell(row, "td", "Next date", "date"), us(one.next), "\u2013");
    said(cell(row, "td", "CRPM"), one.crpm, "Not yet assigned");
    return row;
  }

  function said(into, text, none) {
    if (text) { into.textContent = text; } else { put(into, "span", none, "none"); }
  }

  function paint(lines, says) {
    var body = document.createElement("tbody");
    body.setAttribute("role", "rowgroup");
    lines.forEach(function (one) { body.appendChild(drawRow(one)); });
    drawn += 1;
    show(body, says);
  }

  function show(body, says) {
    if (table.tBodies[0] !== body) { table.replaceChild(body, table.tBodies[0]); }
    caption.textContent = says;
  }

  /* ---- sorting ---- */

  COLUMNS.forEach(function (one, place) {
    var head = table.tHead.rows[0].cells[place], button = document.createElement("button");
    button.type = "button";
    button.textContent = one.name;
    head.replaceChildren(button);
    button.addEventListener("click", function () {
      var same = column(current.sort) === one;
      var down = same ? current.sort.charAt(0) !== "-" : one.first < 0;
      go(merged({sort: (down ? "-" : "") + one.key, show: PAGE}));
    });
    [1, -1].forEach(function (way) {
      var sort = (way < 0 ? "-" : "") + one.key;
      if (sort !== NEWEST) { form.elements.sort.add(new Option(one.name + (way < 0 ? ", downward" : ""), sort)); }
    });
  });
  form.elements.sort.options[0].value = NEWEST;
  table.classList.add("sortable");

  function marks(state) {
    var key = column(state.sort).key, way = state.sort.charAt(0) === "-" ? "descending" : "ascending";
    COLUMNS.forEach(function (one, place) {
      var head = table.tHead.rows[0].cells[place];
      if (one.key === key) { head.setAttribute("aria-sort", way); } else { head.removeAttribute("aria-sort"); }
    });
  }

  function merged(changes) {
    return Object.assign({}, current, {strange: ""}, changes);
  }

  /* ---- what readers do ---- */

  function go(state, replacing) {
    keep(state, replacing);
    fill(current);
    run();
  }

  var typing = 0, begun = false;
  form.elements.q.addEventListener("input", function () {
    clearTimeout(typing);
    typing = setTimeout(function () {
      keep(inForm(), begun);      // one step back leads out of the search, not through its letters
      begun = true;
      run();
    }, PATIENCE);
  });
  form.elements.q.addEventListener("blur", function () { begun = false; });
  form.addEventListener("change", function (event) {
    if (event.target !== form.elements.q) { go(inForm()); }
  });
  opens.addEventListener("click", function () {
    opens.setAttribute("aria-expanded", String(choices.classList.toggle("shown")));
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    clearTimeout(typing);
    go(inForm(), begun);
    if (aim(current)) { whenDone(function () {
      var link = table.tBodies[0].querySelector("a");
      if (link && found.textContent.indexOf("found") > 0) { link.focus(); }
    }); }
  });
  form.addEventListener("reset", function (event) {
    event.preventDefault();
    var none = {q: "", sort: NEWEST, show: PAGE};
    FILTERS.forEach(function (key) { none[key] = ""; });
    go(none);
    form.elements.q.focus({preventScroll: true});
  });
  more.querySelector("button").addEventListener("click", function () {
    var from = table.tBodies[0].rows.length;
    go(merged({show: current.show + PAGE}), true);
    whenDone(function () {
      var row = table.tBodies[0].rows[from];
      if (row) { row.querySelector("a").focus(); }
    });
  });

  function whenDone(then) {
    if (settled === asked) { then(); } else { setTimeout(whenDone, 30, then); }
  }

  function fromAddress() {
    if (location.hash.length > 1 && location.hash.indexOf("=") < 0) { return; }   // a place on the page
    current = inAddress();
    fill(current);
    run();
  }
  window.addEventListener("popstate", fromAddress);
  window.addEventListener("hashchange", fromAddress);

  form.hidden = false;
  if (!plain(current)) { fill(current); }
  learn(function () { fill(current); });
  run();
}());
