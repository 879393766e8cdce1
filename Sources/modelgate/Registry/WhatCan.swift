#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry
  import PolicyEngine
  import SQLiteStore

  /// `modelgate what-can`: what the policies let somebody do with what the registry holds.
  struct WhatCan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "what-can",
      abstract: "Say what somebody may do in the registry, or with one thing in it.",
      discussion: """
        Asks the policies about every operation of the registry, on its real state. Without a resource it asks about \
        something that is not there, so that what depends on the state says `depends`. Nothing is changed.

        EXAMPLES
          modelgate what-can --as alice --roles machine_learning_user
          modelgate what-can fraud --as user2 --roles ml_full_access --backend-roles IT

        EXIT STATUS
          0   answered
          1   the registry or the policies can't be used
          64  wrong usage
        """)

    @Argument(help: "What it is done to, by id or name.") var resource: String?
    @OptionGroup var registry: RegistryOptions

    func run() async throws {
      let open = try await OpenRegistry(registry, writes: false)
      try await open.run {
        var answers: [(Question, Decision)] = []
        for question in Question.all {
          let decisions = try await question.decisions(
            open.registry, about: resource ?? "not-there", for: [open.subject])
          if let decision = decisions.first { answers.append((question, decision)) }
        }
        open.show {
          open.table(
            ["OPERATION", "ANSWER", "WHY"],
            answers.map { [$0.name, answer($1), $1.isAllowed ? "" : why($1)] })
        } json: { writer in
          writer.beginObject()
          writer.member("subject", registry.user)
          writer.member("resource", ifAny: resource)
          writer.name("operations")
          writer.beginArray()
          for (question, decision) in answers {
            writer.beginObject()
            writer.member("operation", question.name)
            writer.member("action", question.action)
            writer.member("answer", answer(decision))
            if !decision.isAllowed { writer.member("why", why(decision)) }
            writer.endObject()
          }
          writer.endArray()
          writer.endObject()
        }
      }
    }

    private func answer(_ decision: Decision) -> String {
      switch (decision.outcome, decision.stage) {
      case (.allow, _): "yes"
      case (.warn, _): "yes, with a warning"
      case (.deny, .authorization?): "no"
      // About nothing in particular, only the right to ask is known.
      case (.deny, _): resource == nil ? "depends" : "no"
      }
    }

    private func why(_ decision: Decision) -> String {
      if resource == nil, decision.stage != .authorization { return "" }
      return decision.reasons.first?.message ?? ""
    }
  }
#endif
