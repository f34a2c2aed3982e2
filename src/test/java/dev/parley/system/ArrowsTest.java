package dev.parley.system;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The arrows between modules and packages: who may know whom.
class ArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.parley");

  @Test
  void the_rules_see_the_classes_of_this_java_version() {
    assertThat(CLASSES.size()).isPositive();
  }

  @Test
  void shared_knows_neither_worker_nor_gateway() {
    noClasses()
        .that()
        .resideInAPackage("dev.parley.shared..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.parley.worker..",
            "dev.parley.gateway..",
            "dev.parley.standalone..",
            "dev.parley.simulation..",
            "dev.parley.bench..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void worker_and_gateway_never_know_each_other() {
    noClasses()
        .that()
        .resideInAPackage("dev.parley.worker..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.parley.gateway..")
        .allowEmptyShould(true)
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.parley.gateway..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.parley.worker..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  @Test
  void only_worker_llama_touches_foreign_memory() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.parley.worker.llama..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .allowEmptyShould(true)
        .check(CLASSES);
  }
}
