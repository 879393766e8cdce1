import CEL
import PolicyEngine

/// The parts of the page that coverage fills: rules with their clauses, roles by actions.
extension HTMLReport {
  var rules: String {
    guard let coverage = report.run.coverage else { return "" }
    let sections = report.policies.sources.compactMap { source -> String? in
      let rules = coverage.rules.filter { $0.position.file == source.name }
      let definitions = coverage.definitions.filter { $0.position.file == source.name }
      guard !rules.isEmpty || !definitions.isEmpty else { return nil }
      let parts = (rules + definitions).map(part).joined(separator: "\n")
      return "<h3 class=\"file\">\(source.name.xml)</h3>\n<div class=\"rules\">\n\(parts)\n</div>"
    }
    return
      "<section><h2>Rules and what the tests see of them</h2>\n\(sections.joined(separator: "\n"))\n</section>"
  }

  private func part(_ part: Coverage.Part) -> String {
    let share = Coverage.Share(
      hit: part.clauses.reduce(0) { $0 + $1.outcomes }, all: part.clauses.count * 2)
    let kind = part.effect?.rawValue ?? "definition"
    let counts =
      part.effect == nil
      ? "reached \(part.asked)" : "asked \(part.asked) · decided \(part.decided)"
    let isQuiet = part.effect != nil && part.decided == 0
    let rows = part.clauses.map { clause in
      "<tr><td class=\"\(clause.isTrue > 0 ? "seen" : "unseen")\">\(clause.isTrue)</td><td class=\"\(clause.isFalse > 0 ? "seen" : "unseen")\">\(clause.isFalse)</td><td>\(clause.isError > 0 ? "\(clause.isError)" : "")</td><td><code>\(clause.expression.replacingControls().xml)</code></td></tr>"
    }
    let clauses =
      rows.isEmpty
      ? "<p class=\"small\">It has no clauses of its own.</p>"
      : "<div class=\"scroll\"><table class=\"clauses\"><thead><tr><th>true</th><th>false</th><th>error</th><th>clause</th></tr></thead><tbody>\(rows.joined())</tbody></table></div>"
    return """
      <details class="\(isQuiet ? "quiet" : "")"><summary><span class="badge \(kind)">\(kind)</span><span class="name">\(part.name.xml)</span><span class="count">\(counts)</span>\(share.all > 0 ? Self.bar(share) : "<span></span>")<span class="outcomes">\(share.all > 0 ? "\(share.hit)/\(share.all)" : "–")</span></summary>
      <p>\(part.description.replacingControls().xml)</p><p class="place">\("\(part.position)".xml)</p>
      \(clauses)</details>
      """
  }

  // MARK: Roles and actions

  private static let cell = 18
  /// Pixels of a character of a label.
  private static let letter = 6.3
  /// Cells in one picture: beyond it nobody would look.
  private static let mostCells = 20_000

  /// Who may do what, as a picture: a row for each action, a column for each role.
  var matrix: String {
    let policies = report.policies
    let roles = policies.roleNames
    let granted = report.run.coverage?.grantedActions ?? [:]
    let actions = Set(policies.actionNames).union(granted.values.flatMap { $0 }).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
    guard !roles.isEmpty, !actions.isEmpty else { return "" }
    guard roles.count * actions.count <= Self.mostCells else {
      return
        "<section><h2>Roles and actions</h2><p class=\"small\">\(roles.count) roles by \(actions.count) actions are too many for a picture.</p></section>"
    }
    return """
      <section><h2>Roles and actions</h2>
      <p class="legend"><svg width="14" height="14" aria-hidden="true"><rect class="tested" width="14" height="14" rx="3"/></svg> granted, and a test shows it <svg width="14" height="14" aria-hidden="true"><rect class="granted" width="14" height="14" rx="3"/></svg> granted, untested <svg width="14" height="14" aria-hidden="true"><rect class="refused" width="14" height="14" rx="3"/></svg> not granted by the role</p>
      <div class="scroll">\(picture(roles, actions, granted))</div>
      </section>
      """
  }

  private func picture(
    _ roles: [String], _ actions: [String], _ granted: [String: Set<String>]
  ) -> String {
    let left = Int(Double(actions.map(\.count).max() ?? 0) * Self.letter) + 12
    let tilted = Int(Double(roles.map(\.count).max() ?? 0) * Self.letter)
    let top = tilted * 7 / 10 + 16
    let width = left + roles.count * Self.cell + tilted * 7 / 10 + 8
    let height = top + actions.count * Self.cell + 4
    var text =
      "<svg class=\"matrix\" width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\" role=\"img\" aria-label=\"\(roles.count) roles by \(actions.count) actions\">\n"
    for (column, role) in roles.enumerated() {
      let x = left + column * Self.cell + Self.cell / 2
      text +=
        "<text class=\"role\" transform=\"translate(\(x) \(top - 6)) rotate(-45)\">\(role.xml)</text>\n"
    }
    for (row, action) in actions.enumerated() {
      let y = top + row * Self.cell
      text +=
        "<text class=\"action\" x=\"\(left - 6)\" y=\"\(y + 13)\" text-anchor=\"end\">\(action.replacingControls().xml)</text>\n"
      for (column, role) in roles.enumerated() {
        let isGranted = report.policies.grants(role: column, action: action)
        // A role that includes another one is not the one that grants.
        let kind =
          granted[role]?.contains(action) ?? false ? "tested" : isGranted ? "granted" : "refused"
        let x = left + column * Self.cell
        text +=
          "<rect class=\"\(kind)\" x=\"\(x + 1)\" y=\"\(y + 1)\" width=\"\(Self.cell - 2)\" height=\"\(Self.cell - 2)\" rx=\"3\">"
        text += "<title>\(role.xml): \(action.xml)</title></rect>"
      }
      text += "\n"
    }
    return text + "</svg>"
  }
}
