package dev.portage.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How code is laid out within the modules. */
class StructureTest {

  /** Whoever passes more by position mistakes one for another sooner or later. */
  private static final int MOST_ARGUMENTS = 8;

  private static JavaClasses classes;

  @BeforeAll
  static void read() {
    classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.portage");
  }

  /** Of tests, too: they are where records are made most. */
  @Test
  void onlyABuilderPassesMoreThanEightArgumentsToAConstructor() throws IOException {
    noClasses()
        .that(
            DescribedPredicate.describe(
                "are not builders", type -> !type.getSimpleName().endsWith("Builder")))
        .should()
        .callConstructorWhere(
            DescribedPredicate.describe(
                "it takes more than " + MOST_ARGUMENTS + " arguments", StructureTest::takesMany))
        .check(withTests());
  }

  /** A constructor that fills in what is left out calls the one that takes all. */
  private static boolean takesMany(JavaConstructorCall call) {
    JavaClass made = call.getTargetOwner();
    boolean delegates = call.getOrigin().isConstructor() && call.getOriginOwner().equals(made);
    // The compiler adds what such a class captures, and what it is inside of.
    boolean isOfACompiler = made.isAnonymousClass() || made.isLocalClass() || made.isEnum();
    return !delegates
        && !isOfACompiler
        && call.getTarget().getRawParameterTypes().size() > MOST_ARGUMENTS;
  }

  /** With the tests of every module that is compiled. */
  private static JavaClasses withTests() throws IOException {
    try (Stream<Path> modules =
        Files.list(Path.of(Objects.requireNonNullElse(System.getProperty("portage.root"), "..")))) {
      Set<Path> folders = new TreeSet<>();
      modules
          .flatMap(
              module -> Stream.of("target/classes", "target/test-classes").map(module::resolve))
          .filter(Files::isDirectory)
          .forEach(folders::add);
      return folders.isEmpty() ? classes : new ClassFileImporter().importPaths(folders);
    }
  }

  @Test
  void noPackageConsistsOfOneClass() {
    Map<String, Set<String>> packages = new TreeMap<>();
    for (JavaClass type : classes) {
      if (type.isTopLevelClass() && !type.getSimpleName().equals("package-info")) {
        packages
            .computeIfAbsent(type.getPackageName(), any -> new TreeSet<>())
            .add(type.getSimpleName());
      }
    }
    assertThat(packages)
        .isNotEmpty()
        .allSatisfy((name, types) -> assertThat(types).as(name).hasSizeGreaterThan(1));
  }

  /** Only where the tracking server says which one a store speaks is it chosen. */
  @Test
  void aProtocolOfAStoreKnowsNoOther() {
    slices()
        .matching("dev.portage.store.(filesapi|bucket|azure)")
        .should()
        .notDependOnEachOther()
        .check(classes);
  }

  /** So that one judges the other. */
  @Test
  void theWorkspaceReadsSchedulesByAnotherLibraryThanTheWorker() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.portage.settings")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.cronutils..")
        .check(classes);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.portage.localworkspace.jobs")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.quartz..")
        .check(classes);
  }
}
