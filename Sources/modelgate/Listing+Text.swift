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
          definition.name, "", definition.position, definition.description,
          [("is", [definition.expression])])
      }
      section("ROLES", listing.roles) { role in
        entry(
          role.name, "", role.position, role.description,
          [("privileges", role.privileges), ("actions", role.actions), ("includes", role.roles)])
      }
      section("ROLE MAPPINGS", listing.mappings) { mapping in
        entry(
          mapping.role, "", mapping.position, nil,
          [
            ("users", mapping.users), ("backend roles", mapping.backendRoles),
            ("all of", mapping.allBackendRoles),
          ])
      }
      section("PRIVILEGES", listing.privileges) { privilege in
        entry(
          privilege.name, "", privilege.position, privilege.description,
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
      var remarks: [String] = []
      if rule.mode != .enforce { remarks.append("mode \(rule.mode.rawValue)") }
      if rule.examples == 0 { remarks.append("no examples") }
      entry(
        rule.id, "\(colored(rule.effect)) \(rule.stage.rawValue.padded(to: 13))", rule.position,
        rule.description,
        [("actions", rule.actions ?? ["every action"]), ("resources", rule.resourceTypes ?? [])],
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
      _ name: String, _ what: String, _ position: SourcePosition, _ description: String?,
      _ lists: [(title: String, items: [String])], remarks: String = ""
    ) {
      var place = style.faint(position.description.shown)
      if !remarks.isEmpty { place += "  " + style.yellow(remarks) }
      let middle = what.isEmpty ? "" : what + " "
      console.line("  \(style.bold(name.shown).padded(to: 36 + extra)) \(middle)\(place)")
      if let description, !description.isEmpty { wrapped(description.shown) }
      for list in lists where !list.items.isEmpty {
        wrapped(
          "\(list.title): \(list.items.map(\.shown).joined(separator: ", "))", as: style.faint)
      }
    }

    /// Characters that colours add to a bold name.
    private var extra: Int { style.isOn ? 8 : 0 }

    /// At spaces, to the width of the terminal; in a pipe, as one line.
    private func wrapped(_ text: String, as colored: (String) -> String = { $0 }) {
      let room = console.width.map { max(20, $0 - 7) } ?? .max
      var line = ""
      for word in text.split(separator: " ") {
        if !line.isEmpty, line.count + word.count + 1 > room {
          console.line("      \(colored(line))")
          line = ""
        }
        line += line.isEmpty ? String(word) : " \(word)"
      }
      if !line.isEmpty { console.line("      \(colored(line))") }
    }
  }
#endif
