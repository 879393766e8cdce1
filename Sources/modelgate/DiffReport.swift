#if CLI
  import CEL
  import Compliance
  import PolicyEngine

  /// Changes of access, for people and for programs.
  struct DiffReport {
    let changes: AccessChanges

    /// Cells of which people are shown one: they differ in the role alone.
    private struct Group {
      var cell: AccessChanges.Cell
      var roles: [String?]
    }

    // MARK: Text

    func tell(_ console: Console) {
      for group in groups() { tell(group, console) }
      for note in changes.notes {
        console.line("\(console.style.yellow("not complete:")) \(note.shown)")
      }
      console.line(summary(console.style))
    }

    /// Cells of one action and type that say the same for several roles.
    private func groups() -> [Group] {
      var groups: [Group] = []
      var index: [String: Int] = [:]
      for cell in changes.cells {
        let reasons = cell.witnesses.map { witness in
          // By which role something is granted differs from role to role.
          ([witness.old, witness.new].flatMap { $0.reasons + $0.warnings }.compactMap(\.rule)
            + ["\(witness.kind) \(witness.old.outcome) \(witness.new.outcome)"])
            .joined(separator: " ")
        }
        let key =
          "\(cell.action)\n\(cell.resourceType)\n\(cell.verdict)\n\(cell.doubt ?? "")\n"
          + reasons.joined(separator: "\n")
        if let known = index[key] {
          groups[known].roles.append(cell.role)
        } else {
          index[key] = groups.count
          groups.append(Group(cell: cell, roles: [cell.role]))
        }
      }
      return groups
    }

    private func tell(_ group: Group, _ console: Console) {
      let style = console.style
      let cell = group.cell
      console.line(
        "\(word(cell, style))  \(style.bold(cell.action.shown)) on \(cell.resourceType.shown), \(Self.roles(group.roles).shown)"
      )
      for witness in cell.witnesses {
        console.line("  \(witness.kind.rawValue.replacing("-", with: " ")):")
        console.line("    \(witness.request.shown)")
        console.line("    \(style.faint("old:")) \(Self.why(witness.old).shown)")
        console.line("    \(style.faint("new:")) \(Self.why(witness.new).shown)")
      }
      if let doubt = cell.doubt { console.line("  \(style.yellow(doubt.shown))") }
      console.line()
    }

    private func word(_ cell: AccessChanges.Cell, _ style: Style) -> String {
      switch cell.verdict {
      case .morePermissive: style.red("MORE PERMISSIVE")
      case .incomparable: style.red("INCOMPARABLE")
      case .lessPermissive: style.yellow("LESS PERMISSIVE")
      case .equal:
        cell.witnesses.isEmpty ? style.cyan("NOT CERTAIN") : style.cyan("OTHER WARNINGS")
      }
    }

    private static func roles(_ roles: [String?]) -> String {
      let names = roles.compactMap(\.self)
      var text =
        names.count == 1 ? "role \(names[0])" : "roles \(names.prefix(6).joined(separator: ", "))"
      if names.count > 6 { text += " and \(names.count - 6) more" }
      if names.isEmpty { return "without a role" }
      return roles.contains(where: { $0 == nil }) ? text + ", and without a role" : text
    }

    /// The outcome, and who decided it.
    private static func why(_ decision: Decision) -> String {
      let reasons = (decision.outcome == .warn ? decision.warnings : decision.reasons).map {
        reason in
        reason.rule ?? reason.role.map { "role \($0)" } ?? reason.message
      }
      return "\(decision.outcome.rawValue): \(reasons.joined(separator: ", "))"
    }

    private func summary(_ style: Style) -> String {
      let counts = AccessVerdict.allCases.filter { $0 != .equal }.compactMap { verdict in
        let count = changes.cells.count { $0.verdict == verdict }
        return count > 0 ? "\(count) \(verdict.rawValue.replacing("-", with: " "))" : nil
      }
      let warnings = changes.cells.count { $0.verdict == .equal && !$0.witnesses.isEmpty }
      let doubts = changes.cells.count { $0.doubt != nil }
      var parts = counts
      if warnings > 0 { parts.append("\(warnings) with other warnings") }
      if parts.isEmpty { parts = [style.green("no change of access")] }
      if doubts > 0 { parts.append(style.yellow("\(doubts) not certain")) }
      return
        "\(plural(changes.compared, "combination")) of role, action and resource type: \(parts.joined(separator: ", "))"
    }

    // MARK: JSON

    func write(_ console: Console, pretty: Bool) {
      var writer = JSONWriter(pretty ? .pretty : .compact)
      writer.beginObject()
      writer.member("compared", changes.compared)
      writer.name("changes")
      writer.beginArray()
      for cell in changes.cells { write(cell, &writer) }
      writer.endArray()
      writer.name("notes")
      writer.beginArray()
      for note in changes.notes { writer.value(note) }
      writer.endArray()
      writer.endObject()
      console.document(writer)
    }

    private func write(_ cell: AccessChanges.Cell, _ writer: inout JSONWriter) {
      writer.beginObject()
      writer.name("role")
      if let role = cell.role { writer.value(role) } else { writer.null() }
      writer.member("action", cell.action)
      writer.member("resource_type", cell.resourceType)
      writer.member("verdict", cell.verdict.rawValue)
      writer.member("exact", cell.doubt == nil)
      if let doubt = cell.doubt { writer.member("doubt", doubt) }
      writer.name("witnesses")
      writer.beginArray()
      for witness in cell.witnesses {
        writer.beginObject()
        writer.member("kind", witness.kind.rawValue)
        writer.name("request")
        writer.value(verbatim: Array(witness.request.utf8)[...])
        writer.name("old")
        writer.value(verbatim: Array(witness.old.json().utf8)[...])
        writer.name("new")
        writer.value(verbatim: Array(witness.new.json().utf8)[...])
        writer.endObject()
      }
      writer.endArray()
      writer.endObject()
    }
  }
#endif
