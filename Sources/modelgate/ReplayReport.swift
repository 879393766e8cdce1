#if CLI
  import CEL
  import Compliance
  import PolicyEngine

  /// What came of a replay, for people and for programs.
  struct ReplayReport {
    let tally: ReplayTally
    let replay: Replay
    let log: String

    /// Names of each kind that people are shown.
    private static let shownNames = 5
    private static let changes = ReplayChange.allCases.filter { $0 != .same }

    // MARK: Text

    func tell(_ console: Console) {
      let style = console.style
      for fault in tally.faults {
        console.error(
          "\(console.errorStyle.bold("\(log.shown):\(fault.line):")) \(console.errorStyle.red("error:")) \(fault.message.shown)"
        )
      }
      if tally.unusable > tally.faults.count {
        console.error("… and \(tally.unusable - tally.faults.count) more lines that can't be used")
      }
      for change in Self.changes {
        guard let found = tally.changes[change] else { continue }
        console.line("\(color(change, style)(Self.words(change))): \(found.count)")
        tell("by rule", found.rules, console, none: found.count)
        tell("by action", found.actions, console)
        tell("by subject", found.subjects, console)
        console.line("  examples")
        for example in found.examples { tell(example, console) }
        console.line()
      }
      console.line(summary(style))
    }

    private func color(_ change: ReplayChange, _ style: Style) -> (String) -> String {
      switch change {
      case .newlyAllowed, .newlyDenied: style.red
      case .warningAdded, .warningRemoved, .reasonChanged: style.yellow
      case .same: style.green
      }
    }

    private static func words(_ change: ReplayChange) -> String {
      change.rawValue.replacing("-", with: " ")
    }

    private func tell(
      _ title: String, _ counts: ReplayTally.Counts, _ console: Console, none all: Int = 0
    ) {
      let sorted = counts.sorted
      if sorted.isEmpty, all > 0 {
        return console.line("  \(title): none (a grant came or went, or the log does not say)")
      }
      console.line("  \(title)")
      for (name, count, _) in sorted.prefix(Self.shownNames) {
        console.line("    \(String(count).leftPadded(to: 8))  \(name.shown)")
      }
      let rest =
        sorted.dropFirst(Self.shownNames).reduce(0) { $0 + $1.count } + counts.others
      if rest > 0 { console.line("    \(String(rest).leftPadded(to: 8))  (others)") }
    }

    private func tell(_ example: ReplayTally.Example, _ console: Console) {
      let style = console.style
      let rules = example.rules.isEmpty ? "" : " (\(example.rules.joined(separator: ", ").shown))"
      console.line(
        "    \(style.faint("\(log.shown):\(example.line)"))  \(example.subject.shown) → \(example.action.shown) on \(example.resource.shown): \(example.was) → \(style.bold(example.now))\(rules)"
      )
    }

    private func summary(_ style: Style) -> String {
      var parts = ["\(tally.same) the same"]
      for change in Self.changes where tally.count(of: change) > 0 {
        parts.append(color(change, style)("\(tally.count(of: change)) \(Self.words(change))"))
      }
      var text = "\(plural(tally.decisions, "decision")): \(parts.joined(separator: ", "))"
      if tally.others > 0 { text += "; \(plural(tally.others, "line")) without a decision" }
      if tally.unusable > 0 {
        text += "; " + style.red("\(plural(tally.unusable, "line")) can't be used")
      }
      return text
    }

    // MARK: JSON

    func write(_ console: Console, pretty: Bool) {
      var writer = JSONWriter(pretty ? .pretty : .compact)
      writer.beginObject()
      writer.member("policy_revision", replay.policies.revision)
      if let against = replay.against { writer.member("against_revision", against.revision) }
      writer.member("decisions", tally.decisions)
      writer.member("same", tally.same)
      writer.name("changes")
      writer.beginObject()
      for change in Self.changes {
        writer.name(change.rawValue)
        write(tally.changes[change], &writer)
      }
      writer.endObject()
      writer.member("other_entries", tally.others)
      writer.member("unusable", tally.unusable)
      writer.name("faults")
      writer.beginArray()
      for fault in tally.faults {
        writer.beginObject()
        writer.member("line", fault.line)
        writer.member("message", fault.message)
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
      console.document(writer)
    }

    private func write(_ changes: ReplayTally.Changes?, _ writer: inout JSONWriter) {
      writer.beginObject()
      writer.member("count", changes?.count ?? 0)
      if let changes {
        write("rules", changes.rules, &writer)
        write("actions", changes.actions, &writer)
        write("subjects", changes.subjects, &writer)
        writer.name("examples")
        writer.beginArray()
        for example in changes.examples { write(example, &writer) }
        writer.endArray()
      }
      writer.endObject()
    }

    private func write(
      _ name: String, _ counts: ReplayTally.Counts, _ writer: inout JSONWriter
    ) {
      writer.name(name)
      writer.beginArray()
      for (name, count, line) in counts.sorted {
        writer.beginObject()
        writer.member("name", name)
        writer.member("count", count)
        writer.member("first_line", line)
        writer.endObject()
      }
      writer.endArray()
      if counts.others > 0 { writer.member("other_\(name)", counts.others) }
    }

    private func write(_ example: ReplayTally.Example, _ writer: inout JSONWriter) {
      writer.beginObject()
      writer.member("line", example.line)
      writer.member("subject", example.subject)
      writer.member("action", example.action)
      writer.member("resource", example.resource)
      writer.member("was", example.was)
      writer.member("now", example.now)
      writer.name("rules")
      writer.beginArray()
      for rule in example.rules { writer.value(rule) }
      writer.endArray()
      writer.endObject()
    }
  }

  extension String {
    /// Filled with spaces on the left.
    fileprivate func leftPadded(to width: Int) -> String {
      String(repeating: " ", count: max(0, width - count)) + self
    }
  }
#endif
