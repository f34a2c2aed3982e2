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
  void nothing_that_runs_knows_the_fakes() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.parley.shared..",
            "dev.parley.worker..",
            "dev.parley.gateway..",
            "dev.parley.standalone..")
        .and()
        .resideOutsideOfPackage("..testing..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.parley..testing..")
        .check(CLASSES);
  }

  @Test
  void what_runs_and_the_doubles_of_chat_platforms_do_not_know_each_other() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.parley.shared..",
            "dev.parley.worker..",
            "dev.parley.gateway..",
            "dev.parley.standalone..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.parley.doubles..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.parley.doubles..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.parley.shared..",
            "dev.parley.worker..",
            "dev.parley.gateway..",
            "dev.parley.standalone..",
            "dev.parley.simulation..",
            "dev.parley.bench..")
        .check(CLASSES);
  }

  @Test
  void the_protocol_knows_no_kafka_and_no_redis() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.parley.shared.turn..",
            "dev.parley.shared.wire..",
            "dev.parley.gateway.turn..",
            "dev.parley.gateway.reply..",
            "dev.parley.gateway.conversation..",
            "dev.parley.worker.intake..",
            "dev.parley.worker.engine..",
            "dev.parley.worker.schedule..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "redis.clients..",
            "dev.parley.shared.redis..",
            "dev.parley.gateway.kafka..",
            "dev.parley.worker.kafka..")
        .check(CLASSES);
  }

  @Test
  void only_the_telegram_adapter_knows_telegrams_sdk() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.parley.gateway.telegram..", "dev.parley.doubles..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.telegram..", "okhttp3..")
        .check(CLASSES);
  }

  @Test
  void platforms_do_not_know_each_other() {
    noClasses()
        .that()
        .resideInAPackage("dev.parley.gateway.telegram..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.parley.gateway.web..", "dev.parley.gateway.terminal..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.parley.gateway.web..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.parley.gateway.telegram..")
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
