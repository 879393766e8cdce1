import PolicyEngine

/// Coverage as Cobertura's `coverage-04.dtd` has it: a file is a class, a rule, role or privilege
/// is a line, and the outcomes of the clauses on a line are its conditions.
struct CoberturaReport {
  let report: Report

  private struct Line {
    var hits = 0
    var conditions = 0
    var covered = 0
  }

  var text: String {
    let files = self.files
    let lines = files.flatMap { $0.lines.map(\.line) }
    let clauses = report.run.coverage?.clauseShare ?? .init(hit: 0, all: 0)
    let hit = lines.count { $0.hits > 0 }
    let head =
      "line-rate=\"\(rate(hit, lines.count))\" branch-rate=\"\(rate(clauses.hit, clauses.all))\""
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text +=
      "<!DOCTYPE coverage SYSTEM \"http://cobertura.sourceforge.net/xml/coverage-04.dtd\">\n"
    text +=
      "<coverage \(head) lines-covered=\"\(hit)\" lines-valid=\"\(lines.count)\" branches-covered=\"\(clauses.hit)\" branches-valid=\"\(clauses.all)\" complexity=\"0\" version=\"modelgate \(report.version.xml)\" timestamp=\"0\">\n"
    text += "  <sources><source>.</source></sources>\n  <packages>\n"
    text += "    <package name=\"policies\" \(head) complexity=\"0\">\n      <classes>\n"
    for file in files { text += entry(file.name, file.lines) }
    return text + "      </classes>\n    </package>\n  </packages>\n</coverage>\n"
  }

  /// What is covered in each file, in the order of the set.
  private var files: [(name: String, lines: [(number: Int, line: Line)])] {
    var byFile: [String: [Int: Line]] = [:]
    func hit(_ position: SourcePosition, _ count: Int) {
      byFile[position.file, default: [:]][position.line, default: Line()].hits += count
    }
    let coverage = report.run.coverage
    for part in (coverage?.rules ?? []) + (coverage?.definitions ?? []) {
      hit(part.position, part.effect == nil ? part.asked : part.decided)
      for clause in part.clauses {
        let place = clause.position
        hit(place, clause.isTrue + clause.isFalse + clause.isError)
        byFile[place.file]?[place.line]?.conditions += 2
        byFile[place.file]?[place.line]?.covered += clause.outcomes
      }
    }
    for holder in (coverage?.roles ?? []) + (coverage?.privileges ?? []) {
      hit(holder.position, holder.granted)
    }
    return report.policies.sources.compactMap { source in
      guard let lines = byFile[source.name] else { return nil }
      return (source.name, lines.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
  }

  private func entry(_ name: String, _ lines: [(number: Int, line: Line)]) -> String {
    let conditions = lines.reduce(0) { $0 + $1.line.conditions }
    let covered = lines.reduce(0) { $0 + $1.line.covered }
    let hit = lines.count { $0.line.hits > 0 }
    var text =
      "        <class name=\"\(name.xml)\" filename=\"\(name.xml)\" line-rate=\"\(rate(hit, lines.count))\" branch-rate=\"\(rate(covered, conditions))\" complexity=\"0\">\n          <methods/>\n          <lines>\n"
    for (number, line) in lines {
      text += "            <line number=\"\(number)\" hits=\"\(line.hits)\""
      if line.conditions > 0 {
        let percent = line.covered * 100 / line.conditions
        text +=
          " branch=\"true\" condition-coverage=\"\(percent)% (\(line.covered)/\(line.conditions))\""
      }
      text += "/>\n"
    }
    return text + "          </lines>\n        </class>\n"
  }

  private func rate(_ hit: Int, _ all: Int) -> String {
    let thousandths = all == 0 ? 1_000 : hit * 1_000 / all
    let rest = String(thousandths % 1_000)
    return "\(thousandths / 1_000).\(String(repeating: "0", count: 3 - rest.utf8.count))\(rest)"
  }
}
