#if CLI
  import CEL
  import PolicyEngine

  /// Decisions in words, for people.
  struct TextReport {
    let console: Console
    let explains: Bool
    private var style: Style { console.style }

    init(console: Console, explains: Bool) {
      self.console = console
      self.explains = explains
    }

    // MARK: Headlines

    /// One decision: the headline, then everything that led to it.
    func tell(_ decision: Decision, _ outline: RequestOutline?, label: String?) {
      headline(word(decision.outcome), outline, label)
      for reason in decision.reasons { tell(reason, decision.outcome == .deny ? "deny" : "allow") }
      if let stage = decision.stage { refused(stage, decision.error) }
      for reason in decision.warnings { tell(reason, "warn") }
      for reason in decision.audit { tell(reason, "audit") }
      tellMissing(decision)
    }

    /// An item of a batch that is no request.
    func tell(_ finding: Finding, _ outline: RequestOutline?, label: String?) {
      headline(style.red("ERROR"), outline, label)
      for line in finding.text(style).split(separator: "\n", omittingEmptySubsequences: false) {
        console.line("  \(line)")
      }
    }

    private func headline(_ word: String, _ outline: RequestOutline?, _ label: String?) {
      let plain = sentence(outline) { $0 }
      let text = "\(word)  \(sentence(outline, style.bold))"
      guard let label = label?.shown else { return console.line(text) }
      if console.fits(plain.count + label.count + 9) {
        console.line("\(text)  \(style.faint(label))")
      } else {
        console.line(text)
        console.line("        " + style.faint(label))
      }
    }

    private func sentence(_ outline: RequestOutline?, _ bold: (String) -> String) -> String {
      guard let outline else { return "?" }
      let words = [
        outline.subjectType, outline.subjectID, outline.action, outline.resourceType,
        outline.resourceID,
      ].map { ($0 ?? "?").shown }
      return "\(words[0]) \(bold(words[1])) → \(bold(words[2])) on \(words[3]) \(bold(words[4]))"
    }

    private func word(_ outcome: Outcome) -> String {
      switch outcome {
      case .allow: style.green("ALLOW")
      case .warn: style.yellow("WARN ")
      case .deny: style.red("DENY ")
      }
    }

    // MARK: Reasons

    private func tell(_ reason: Reason, _ kind: String) {
      let name = reason.rule.map { style.bold($0.shown) + ": " } ?? ""
      let column = 8 + (reason.rule.map { $0.shown.count + 2 } ?? 0)
      console.paragraph(
        "  \(colored(kind)) \(name)", column: column, indent: 8, reason.message.shown)
      var place = reason.position.map(\.description.shown) ?? ""
      if reason.mode != .enforce { place += " (mode \(reason.mode.rawValue))" }
      if !place.isEmpty { console.line("        " + style.faint(place)) }
      for clause in reason.clauses { tell(clause) }
    }

    private func colored(_ kind: String) -> String {
      let padded = kind.padded(to: 5)
      return switch kind {
      case "deny": style.red(padded)
      case "warn": style.yellow(padded)
      case "allow": style.green(padded)
      default: style.cyan(padded)
      }
    }

    private func refused(_ stage: Stage, _ error: WireError?) {
      var text = "refused at \(stage.rawValue)"
      if let error { text += ", answered with status \(error.status) \(error.type.shown)" }
      console.line("  " + style.faint(text))
    }

    private func tell(_ clause: Clause) {
      let result = clause.result.rawValue.padded(to: 5)
      let mark = clause.result == .error ? style.red(result) : style.cyan(result)
      console.paragraph("        \(mark) ", column: 14, clause.expression.shown.shortened(to: 400))
      if let failure = clause.failure {
        console.line("                \(style.red(failure.shown))")
      }
      for value in clause.values {
        let name = "\(value.path.shown) ="
        let start = "                \(style.faint(name)) "
        let seen = value.value.map { $0.description.shown.shortened(to: 400) }
        console.paragraph(
          start, column: name.count + 17, indent: 18, seen ?? "(missing)",
          as: { seen == nil ? style.yellow($0) : $0 })
      }
    }

    // MARK: What was missing

    /// What rules that deny miss is missing together; roles and rules that would grant are
    /// alternatives.
    private func tellMissing(_ decision: Decision) {
      let missing = decision.missing
      guard !missing.isEmpty else { return }
      let denying = Set(decision.reasons.compactMap(\.rule))
      let blocking = Set(missing.compactMap(\.rule)).intersection(denying).count
      console.line("  " + style.bold("what was missing") + (blocking > 1 ? ", for every rule" : ""))
      var index = 0
      while index < missing.count {
        let rule = missing[index].rule
        let sets = missing[index...].prefix { $0.rule == rule }
        let name = rule.map {
          (denying.contains($0) ? "for " : "to be granted by ") + style.bold($0.shown)
        }
        let choice = sets.count > 1 ? ", any one of" : ""
        console.line("    \(name ?? "to be granted")\(choice):")
        for set in sets {
          console.paragraph(
            "      - ", column: 8, set.facts.map(\.text.shown).joined(separator: ", and "))
        }
        index += sets.count
      }
    }

    // MARK: Several requests

    func tellOfStop(after count: Int, of all: Int) {
      console.line(style.faint("stopped after \(count) of \(all), as the batch asks"))
    }

    func tell(_ tally: Tally) {
      func part(_ count: Int, _ word: String, _ color: (String) -> String) -> String? {
        count > 0 ? color("\(count) \(word)") : nil
      }
      let parts = [
        part(tally.allowed, "allowed", style.green),
        part(tally.warned, "allowed with a warning", style.yellow),
        part(tally.denied, "denied", style.red), part(tally.unusable, "unusable", style.red),
      ]
      console.line()
      console.line("\(tally.all) requests: " + parts.compactMap { $0 }.joined(separator: ", "))
    }
  }
#endif
