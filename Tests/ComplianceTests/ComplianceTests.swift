import Compliance
import Testing

@Suite struct ComplianceTests {
}
