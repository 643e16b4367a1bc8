package dev.portage.promotion;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;

/** Workflow code is replayed: no clock, no randomness, no threads, no I/O. */
@AnalyzeClasses(packages = "dev.portage", importOptions = ImportOption.DoNotIncludeTests.class)
class WorkflowRulesTest {

  private static final Map<String, Set<String>> FORBIDDEN =
      Map.of(
          "java.time.Instant", Set.of("now"),
          "java.time.LocalDate", Set.of("now"),
          "java.time.ZonedDateTime", Set.of("now"),
          "java.lang.System", Set.of("currentTimeMillis", "nanoTime", "getenv", "getProperty"),
          "java.util.UUID", Set.of("randomUUID"),
          "java.lang.Math", Set.of("random"),
          "java.lang.Thread", Set.of("sleep", "start", "ofVirtual", "ofPlatform"));

  private static final DescribedPredicate<JavaMethodCall> CALLS_CLOCK_OR_CHANCE =
      describe(
          "asks a clock, chance, the surroundings or a thread",
          call ->
              FORBIDDEN
                  .getOrDefault(call.getTargetOwner().getName(), Set.of())
                  .contains(call.getName()));

  @ArchTest
  static final ArchRule NO_CLOCK_AND_NO_RANDOMNESS =
      noClasses().should().callMethodWhere(CALLS_CLOCK_OR_CHANCE);

  @ArchTest
  static final ArchRule NO_INPUT_AND_OUTPUT =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.nio.file..",
              "java.net.http..",
              "java.util.concurrent..",
              "java.sql..",
              "okhttp3..")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("java\\.util\\.Random|java\\.io\\.File.*|java\\.net\\.(Socket|URL)");

  /** Temporal creates them by reflection. */
  @ArchTest
  static final ArchRule IMPLEMENTATIONS_ARE_PUBLIC =
      classes().that().haveSimpleNameEndingWith("WorkflowImpl").should().bePublic();

  /**
   * What a lane, a preflight or a single copy shares with a promotion is in a package of its own.
   */
  @ArchTest
  static final ArchRule NOBODY_ELSE_KNOWS_PROMOTIONS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.portage.promotion..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.portage.promotion..");

  /** Records and activity interfaces; their implementations need no workflow. */
  @ArchTest
  static final ArchRule CONTRACTS_HOLD_NO_WORKFLOW_CODE =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.portage.candidate..",
              "dev.portage.copy..",
              "dev.portage.job..",
              "dev.portage.registry..",
              "dev.portage.scoring..",
              "dev.portage.tracking..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.temporal.workflow..", "dev.portage.activity..");
}
