#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry
  import PolicyEngine
  import SQLiteStore

  /// `modelgate who-can`: whom the policies let do something to what the registry holds.
  struct WhoCan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "who-can",
      abstract: "Say which roles may do something to something in the registry.",
      discussion: """
        Asks the policies about every declared role, on the real state of the registry: on its own, and, for what \
        belongs to somebody or is shared with backend roles, as the owner and with each of those. Nothing is changed.

        ACTIONS
          \(Question.all.map(\.name).joined(separator: ", ")),
          or the action's own name. put-alias and delete-alias take alias=model.

        EXAMPLES
          modelgate who-can put-alias flight_delay=delay-3
          modelgate who-can get-group fraud --format json

        EXIT STATUS
          0   somebody can
          1   the registry or the policies can't be used
          2   nobody can
          64  wrong usage
        """)

    @Argument(help: "The action.") var action: String
    @Argument(help: "What it is done to, by id or name.") var resource: String
    @OptionGroup var file: DataOptions
    @OptionGroup var policies: PolicyOptions
    @OptionGroup var format: FormatOptions

    func validate() throws {
      guard Question.named(action) != nil else {
        throw ValidationError(
          "There is no action `\(action)`: say one of \(Question.all.map(\.name).joined(separator: ", "))."
        )
      }
    }

    /// Somebody who might ask.
    private struct Candidate {
      var role: String
      var remark: String
      var subject: Request.Entity
    }

    func run() async throws {
      guard let question = Question.named(action) else { return }
      let console = Console()
      let set = try policies.load(console, format)
      do {
        let store = try file.open()
        let registry = try await ModelRegistry.open(
          store, policies: set, activation: .ifNoneInForce, clock: System.milliseconds)
        let listing = set.listing()
        let candidates = try await Self.candidates(listing, store, question, resource)
        let decisions = try await question.decisions(
          registry, about: resource, for: candidates.map(\.subject))
        try await store.close()
        let able = zip(candidates, decisions).filter(\.1.isAllowed)
        tell(able, listing, console)
        console.flush()
        if able.isEmpty { throw ExitCode(Status.denied) }
      } catch {
        throw RegistryFailure.report(error, console, format)
      }
    }

    /// Every role on its own, and with what the group is about lets matter.
    private static func candidates(
      _ listing: Listing, _ store: SQLiteStore, _ question: Question, _ resource: String
    ) async throws -> [Candidate] {
      var variants: [(remark: String, owner: String, backendRoles: [String])] = [
        ("", "somebody", [])
      ]
      let group: ModelGroup? = try await store.read { snapshot in
        if case .group(let group)? = try snapshot.record(.group(resource))?.record { return group }
        return nil
      }
      if let group, question.name.hasSuffix("-group") {
        if let owner = group.owner {
          variants.append(("as the owner \(owner.name)", owner.name, []))
        }
        for role in group.backendRoles.prefix(50) {
          variants.append(("with backend role \(role)", "somebody", [role]))
        }
      }
      return listing.roles.flatMap { role in
        variants.map { variant in
          Candidate(
            role: role.name, remark: variant.remark,
            subject: Request.Entity(
              type: "user", id: variant.owner,
              properties: [
                "roles": [.string(role.name)],
                "backend_roles": .list(variant.backendRoles.map { .string($0) }),
              ]))
        }
      }
    }

    private func tell(
      _ able: [(Candidate, Decision)], _ listing: Listing, _ console: Console
    ) {
      switch format.format {
      case .json:
        var writer = JSONWriter(format.pretty ? .pretty : .compact)
        writer.beginObject()
        writer.member("action", Question.named(action)?.action ?? action)
        writer.member("resource", resource)
        writer.name("who")
        writer.beginArray()
        for (candidate, decision) in able {
          writer.beginObject()
          writer.member("role", candidate.role)
          if !candidate.remark.isEmpty { writer.member("condition", candidate.remark) }
          writer.member("outcome", decision.outcome.rawValue)
          writer.member("users", users(candidate.role, listing))
          writer.member("backend_roles", backendRoles(candidate.role, listing))
          writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        console.document(writer)
      case .text:
        guard !able.isEmpty else {
          return console.line("no role can: try it with --dry-run to see why")
        }
        for (candidate, decision) in able {
          let word =
            decision.outcome == .warn ? console.style.yellow("warn ") : console.style.green("allow")
          var text = "\(word) \(console.style.bold(candidate.role.shown))"
          if !candidate.remark.isEmpty { text += " \(candidate.remark.shown)" }
          console.line(text)
          let given =
            users(candidate.role, listing).map { "user \($0)" }
            + backendRoles(candidate.role, listing).map { "backend role \($0)" }
          if candidate.remark.isEmpty, !given.isEmpty {
            console.paragraph(
              "      mapped to ", column: 16, given.joined(separator: ", ").shown,
              as: console.style.faint)
          }
        }
      }
    }

    private func users(_ role: String, _ listing: Listing) -> [String] {
      listing.mappings.filter { $0.role == role }.flatMap(\.users)
    }

    private func backendRoles(_ role: String, _ listing: Listing) -> [String] {
      listing.mappings.filter { $0.role == role }.flatMap(\.backendRoles)
    }
  }
#endif
