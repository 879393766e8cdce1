#if CLI
  import CEL
  import PolicyEngine

  /// A policy set in tables.
  struct ListingText {
    let console: Console
    private var style: Style { console.style }

    init(console: Console) { self.console = console }

    func print(_ listing: Listing, revision: String) {
      let counts = [
        plural(listing.files, "file"), plural(listing.rules.count, "rule"),
        plural(listing.definitions.count, "definition"), plural(listing.roles.count, "role"),
        plural(listing.mappings.count, "role mapping"),
        plural(listing.privileges.count, "privilege"),
      ]
      console.line("\(counts.joined(separator: ", ")); revision \(revision.prefix(12))")
      section("RULES", listing.rules) { print($0) }
      section("DEFINITIONS", listing.definitions) { definition in
        entry(
          definition.name, definition.position, definition.description,
          [("is", [definition.expression])])
      }
      section("ROLES", listing.roles) { role in
        entry(
          role.name, role.position, role.description,
          [("privileges", role.privileges), ("actions", role.actions), ("includes", role.roles)])
      }
      section("ROLE MAPPINGS", listing.mappings) { mapping in
        entry(
          mapping.role, mapping.position, nil,
          [
            ("users", mapping.users), ("backend roles", mapping.backendRoles),
            ("all of", mapping.allBackendRoles),
          ])
      }
      section("PRIVILEGES", listing.privileges) { privilege in
        entry(
          privilege.name, privilege.position, privilege.description,
          [("actions", privilege.actions), ("except", privilege.exceptions)])
      }
    }

    private func section<Item>(_ title: String, _ items: [Item], _ print: (Item) -> Void) {
      guard !items.isEmpty else { return }
      console.line()
      console.line(style.bold(title))
      for item in items { print(item) }
    }

    private func print(_ rule: Listing.Rule) {
      let stage = rule.stage.rawValue.padded(to: 14)
      var remarks: [String] = []
      if rule.mode != .enforce { remarks.append("mode \(rule.mode.rawValue)") }
      if rule.examples == 0 { remarks.append("no examples") }
      entry(
        rule.id, rule.position,
        rule.description,
        [("actions", rule.actions ?? ["every action"]), ("resources", rule.resourceTypes ?? [])],
        what: ("deny  \(stage)", "\(colored(rule.effect)) \(stage)"),
        remarks: remarks.joined(separator: ", "))
    }

    private func colored(_ effect: Effect) -> String {
      let word = effect.rawValue.padded(to: 5)
      return switch effect {
      case .allow: style.green(word)
      case .deny: style.red(word)
      case .warn: style.yellow(word)
      }
    }

    /// A line with the name, and below it what there is to say.
    private func entry(
      _ name: String, _ position: SourcePosition,
      _ description: String?, _ lists: [(title: String, items: [String])],
      what: (plain: String, colored: String) = ("", ""), remarks: String = ""
    ) {
      let place = position.description.shown
      let remark = remarks.isEmpty ? "" : "  " + style.yellow(remarks)
      let padding = String(repeating: " ", count: max(1, 37 - name.count))
      let start = "  " + style.bold(name.shown) + padding + what.colored
      if console.fits(
        40 + what.plain.count + place.count + (remarks.isEmpty ? 0 : remarks.count + 2))
      {
        console.line(start + style.faint(place) + remark)
      } else {
        console.line(start)
        console.line("      " + style.faint(place) + remark)
      }
      if let description, !description.isEmpty {
        console.paragraph("      ", column: 6, description.shown)
      }
      for list in lists where !list.items.isEmpty {
        let text = "\(list.title): \(list.items.map(\.shown).joined(separator: ", "))"
        console.paragraph("      ", column: 6, indent: 8, text, as: style.faint)
      }
    }
  }
#endif
