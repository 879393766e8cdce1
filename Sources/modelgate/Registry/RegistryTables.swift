#if CLI && SQLite
  import ArgumentParser
  import CEL
  import ModelRegistry

  /// What the help of every command on a registry says.
  enum RegistryHelp {
    static let statuses = """
      EXIT STATUS
        0   done, perhaps with warnings; with --dry-run: it would be done
        1   it can't be done, or the registry or the policies can't be used
        2   denied
        64  wrong usage
      """
  }

  /// `--after` and `--limit`.
  struct PageOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Begin behind this one.", valueName: "id"))
    var after: String?

    @Option(help: "How many at most.")
    var limit = 100
  }

  extension OpenRegistry {
    /// Lists what the caller may see: pages until there are `limit`, or no more.
    func list<Op: RegistrySearch, Item: Sendable>(
      _ titles: [String], _ page: PageOptions, _ search: (String?, Int) -> Op,
      row: (Item) -> [String], json: (Item, inout JSONWriter) -> Void
    ) async throws where Op.Output == Page<Item> {
      try await run {
        var items: [Item] = []
        var next = page.after
        repeat {
          let found = try await registry.search(
            search(next, min(page.limit - items.count, 1_000)), by: subject)
          items += found.items
          next = found.next
        } while next != nil && items.count < page.limit
        show {
          table(titles, items.map(row))
          if let next {
            console.line(console.style.faint("more: --after \(next.shown)"))
          }
        } json: { writer in
          writer.beginObject()
          writer.name("items")
          writer.beginArray()
          for item in items {
            writer.beginObject()
            json(item, &writer)
            writer.endObject()
          }
          writer.endArray()
          if let next { writer.member("next", next) }
          writer.endObject()
        }
      }
    }

    /// Columns as wide as what is in them.
    func table(_ titles: [String], _ rows: [[String]]) { console.table(titles, rows) }

    /// One thing, a line for every member.
    func card(_ members: [(String, String)]) {
      let width = members.map(\.0.count).max() ?? 0
      for (name, value) in members where !value.isEmpty {
        console.paragraph(
          console.style.faint(name.padded(to: width + 2)), column: width + 2, value.shown)
      }
    }
  }
#endif
