"""Reads the reports that validate.sh made, with parsers and schemas that are not ours."""

import io
import json
import pathlib
import subprocess
import sys

import html5lib
import jsonschema
import junitparser
import pycobertura
import sarif_pydantic
import tap.parser
from lxml import etree
from sarif import loader

WORK = pathlib.Path(sys.argv[1])
SCHEMAS = WORK / "schemas"


def check(condition, message):
    if not condition:
        sys.exit(f"validate: {message}")


def junit(path, expected):
    schema = SCHEMAS / "junit-10.xsd"
    if schema.exists():
        etree.XMLSchema(etree.parse(schema)).assertValid(etree.parse(path))
    suites = junitparser.JUnitXml.fromfile(str(path))
    cases = [case for suite in suites for case in suite]
    failed = [case for case in cases if any(isinstance(r, junitparser.Failure) for r in case.result)]
    skipped = [case for case in cases if any(isinstance(r, junitparser.Skipped) for r in case.result)]
    check(len(cases) == expected["tests"] == suites.tests, "junit: number of cases")
    check(len(failed) == expected["failed"] == suites.failures, "junit: number of failures")
    check(len(skipped) == expected["skipped"], "junit: number of skipped cases")
    return [f"{case.classname} / {case.name}" for case in failed]


def tap_(path, expected):
    lines = list(tap.parser.Parser().parse_file(str(path)))
    check(not [line for line in lines if line.category in ("unknown", "bail")], "tap: unknown lines")
    tests = [line for line in lines if line.category == "test"]
    plan = [line for line in lines if line.category == "plan"]
    check(len(plan) == 1 and plan[0].expected_tests == len(tests) == expected["tests"], "tap: plan")
    for test in tests:
        check(test.ok or "differences" in test.yaml_block, "tap: a failure without its block")
    check(len([t for t in tests if not t.ok]) == expected["failed"], "tap: failures")
    check(len([t for t in tests if t.skip]) == expected["skipped"], "tap: skipped")


def sarif_schema(text):
    """Against the standard's own schema, which must also refuse what is not SARIF."""
    path = SCHEMAS / "sarif-schema-2.1.0.json"
    if not path.exists():
        return
    schema = json.loads(path.read_text())
    validator = jsonschema.validators.validator_for(schema)
    validator.check_schema(schema)
    validate = validator(schema, format_checker=validator.FORMAT_CHECKER)
    log = json.loads(text)
    faults = [f"{error.json_path}: {error.message}" for error in validate.iter_errors(log)]
    check(not faults, "sarif: " + "; ".join(faults[:5]))
    log["runs"][0]["results"][0]["level"] = "fatal"
    check(list(validate.iter_errors(log)), "sarif: the schema lets everything pass")


def sarif(path):
    text = path.read_text()
    sarif_schema(text)
    log = sarif_pydantic.Sarif.model_validate_json(text)
    check(log.version == "2.1.0", "sarif: version")
    copy = path.with_suffix(".sarif")
    copy.write_text(text)
    loaded = loader.load_sarif_file(str(copy))
    check(loaded.get_result_count() == len(log.runs[0].results), "sarif: results")
    rules = [rule.id for rule in log.runs[0].tool.driver.rules]
    for result in json.loads(text)["runs"][0]["results"]:
        check(rules[result["ruleIndex"]] == result["ruleId"], "sarif: rule index")
    return len(log.runs[0].results)


def cobertura(path, report):
    dtd = SCHEMAS / "coverage-04.dtd"
    if dtd.exists():
        tree = etree.parse(path)
        validator = etree.DTD(io.BytesIO(dtd.read_bytes()))
        check(validator.validate(tree), f"cobertura: {validator.error_log}")
    parsed = pycobertura.Cobertura(str(path))
    share = report["coverage"]["clause_share"]
    root = etree.parse(path).getroot()
    check(int(root.get("branches-covered")) == share["covered"], "cobertura: branches covered")
    check(int(root.get("branches-valid")) == share["all"], "cobertura: branches")
    check(len(parsed.files()) > 0, "cobertura: files")


def gitlab(path, count):
    issues = json.loads(path.read_text())
    check(len(issues) == count, "gitlab: number of issues")
    prints = {issue["fingerprint"] for issue in issues}
    check(len(prints) == len(issues), "gitlab: fingerprints are not unique")
    for issue in issues:
        check({"description", "check_name", "fingerprint", "severity", "location"} <= set(issue), "gitlab: fields")
        check(issue["severity"] in {"info", "minor", "major", "critical", "blocker"}, "gitlab: severity")
        check(issue["location"]["lines"]["begin"] > 0, "gitlab: lines")


def github(path, count):
    lines = path.read_text().splitlines()
    check(len(lines) == count, "github: number of annotations")
    check(all(line.startswith(("::error ", "::warning ")) for line in lines), "github: commands")


def html(path):
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(path.read_text())


for folder in ["testing", "testing-weak"]:
    reports = WORK / folder
    report = json.loads((reports / "json").read_text())
    names = junit(reports / "junit", report["summary"])
    wanted = [f"{t['suite']} / {t['name']}" for t in report["tests"] if t["status"] == "failed"]
    check(names == wanted, "junit: names of failures")
    tap_(reports / "tap", report["summary"])
    count = sarif(reports / "sarif")
    cobertura(reports / "cobertura", report)
    gitlab(reports / "gitlab", count)
    github(reports / "github", count)
    html(reports / "html")
    if subprocess.run(["sh", "-c", "command -v xmllint"], capture_output=True).returncode == 0:
        for name in ["junit", "cobertura"]:
            subprocess.run(["xmllint", "--noout", str(reports / name)], check=True)
    print(f"{folder}: {report['summary']['tests']} tests, {count} findings: every report reads as it should")

reports = WORK / "audit"
report = json.loads((reports / "json").read_text())
kinds = [kind for kind in report["examined"] if report["examined"][kind]]
clean = sum(report["examined"][kind] > report["affected"][kind] for kind in kinds)
summary = {"tests": len(report["findings"]) + clean, "failed": report["violations"], "skipped": 0}
names = junit(reports / "junit", summary)
check(len(names) == report["violations"] > 0, "junit: violations")
check(sarif(reports / "sarif") == len(report["findings"]), "sarif: findings")
gitlab(reports / "gitlab", len(report["findings"]))
github(reports / "github", len(report["findings"]))
print(f"audit: {len(report['findings'])} findings: every report reads as it should")

print(f"lint: {sarif(WORK / 'lint' / 'sarif')} findings: the report reads as it should")
