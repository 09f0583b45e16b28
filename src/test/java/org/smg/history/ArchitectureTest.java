package org.smg.history;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.logging.Logger;
import org.smg.history.model.Caller;
import org.smg.history.storage.Backend;
import org.smg.history.storage.StoredIn;

/** The sentences of the package map, as tests. */
@AnalyzeClasses(packages = "org.smg.history", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule arrowsRunOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("org.smg.history..")
          .layer("root")
          .definedBy("org.smg.history")
          .layer("api")
          .definedBy("org.smg.history.api..")
          .layer("health")
          .definedBy("org.smg.history.health")
          .layer("startup")
          .definedBy("org.smg.history.startup")
          .layer("examples")
          .definedBy("org.smg.history.examples")
          .layer("gateway")
          .definedBy("org.smg.history.gateway")
          .layer("fleet")
          .definedBy("org.smg.history.fleet")
          .layer("rules")
          .definedBy("org.smg.history.rules")
          .layer("json")
          .definedBy("org.smg.history.json..")
          .layer("storage")
          .definedBy("org.smg.history.storage")
          .layer("backends")
          .definedBy("org.smg.history.storage.*..")
          .layer("security")
          .definedBy("org.smg.history.security..")
          .layer("limits")
          .definedBy("org.smg.history.limits")
          .layer("log")
          .definedBy("org.smg.history.log")
          .layer("metrics")
          .definedBy("org.smg.history.metrics")
          .layer("retention")
          .definedBy("org.smg.history.retention")
          .layer("config")
          .definedBy("org.smg.history.config")
          .layer("model")
          .definedBy("org.smg.history.model")
          .whereLayer("root")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("api")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("api")
          .whereLayer("health")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("startup")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("examples")
          .mayOnlyBeAccessedByLayers("startup")
          .whereLayer("gateway")
          .mayOnlyBeAccessedByLayers("api", "startup", "metrics")
          .whereLayer("fleet")
          .mayOnlyBeAccessedByLayers("gateway", "startup")
          .whereLayer("rules")
          .mayOnlyBeAccessedByLayers("api", "gateway", "fleet", "examples")
          .whereLayer("json")
          .mayOnlyBeAccessedByLayers(
              "api", "gateway", "fleet", "examples", "rules", "backends", "log")
          .whereLayer("security")
          .mayOnlyBeAccessedByLayers("api", "examples", "metrics", "startup")
          .whereLayer("limits")
          .mayOnlyBeAccessedByLayers("api", "startup")
          .whereLayer("retention")
          .mayOnlyBeAccessedByLayers("api", "metrics", "startup")
          .whereLayer("backends")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("storage")
          .mayOnlyBeAccessedByLayers(
              "rules",
              "fleet",
              "limits",
              "metrics",
              "retention",
              "backends",
              "examples",
              "health",
              "startup",
              "log")
          .whereLayer("log")
          .mayOnlyBeAccessedByLayers(
              "api",
              "gateway",
              "fleet",
              "security",
              "limits",
              "retention",
              "backends",
              "examples",
              "startup")
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers(
              "api",
              "gateway",
              "fleet",
              "security",
              "limits",
              "retention",
              "storage",
              "backends",
              "examples",
              "startup",
              "log");

  @ArchTest
  static final ArchRule theModelDependsOnJavaAlone =
      classes()
          .that()
          .resideInAPackage("org.smg.history.model")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.smg.history.model");

  @ArchTest
  static final ArchRule backendsNeverSeeEachOther =
      slices().matching("org.smg.history.storage.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule packagesAreFreeOfCycles =
      slices().matching("org.smg.history.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theJsonLibraryLivesInOneHome =
      livesIn("org.smg.history.json", "tools.jackson..", "jakarta.json..");

  @ArchTest
  static final ArchRule restLivesInOneHome =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.smg.history.api..")
          .and()
          .doNotHaveSimpleName("HistoryApplication")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.ws.rs..", "jakarta.servlet..");

  @ArchTest
  static final ArchRule configurationLivesInOneHome =
      livesIn("org.smg.history.config", "org.eclipse.microprofile.config..", "io.smallrye..");

  @ArchTest
  static final ArchRule optionsAreDeclaredByThoseWhoNeedThem =
      noClasses()
          .that()
          .resideInAPackage("org.smg.history.config")
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.smg..").and(resideOutsideOfPackage("org.smg.history.config")));

  /** Backends name themselves in annotations, which are not field accesses. */
  @ArchTest
  static final ArchRule nothingElseNamesABackend =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(Backend.class.getName())
          .should()
          .accessFieldWhere(
              describe(
                  "it is a constant of Backend",
                  access ->
                      access.getTargetOwner().isEquivalentTo(Backend.class)
                          && access.getTarget().getRawType().isEquivalentTo(Backend.class)));

  @ArchTest
  static final ArchRule backendsAreMarkedWhereTheyAre =
      members()
          .that()
          .areAnnotatedWith(StoredIn.class)
          .should()
          .beDeclaredInClassesThat()
          .resideInAPackage("org.smg.history.storage.*..");

  @ArchTest
  static final ArchRule healthLivesInOneHome =
      livesIn("org.smg.history.health", "org.eclipse.microprofile.health..");

  @ArchTest
  static final ArchRule countingLivesInOneHome =
      livesIn("org.smg.history.metrics", "io.prometheus..");

  @ArchTest
  static final ArchRule persistenceLivesInOneHome =
      livesIn("org.smg.history.storage.jpa..", "jakarta.persistence..").allowEmptyShould(true);

  @ArchTest
  static final ArchRule entitiesAreRows =
      classes()
          .that()
          .areAnnotatedWith("jakarta.persistence.Entity")
          .should()
          .haveSimpleNameEndingWith("Row")
          .andShould()
          .resideInAPackage("org.smg.history.storage.jpa.rows");

  @ArchTest
  static final ArchRule tokensLiveInOneHome =
      livesIn("org.smg.history.security.jwt", "org.jose4j..");

  @ArchTest
  static final ArchRule tracesLiveInOneHome =
      livesIn("org.smg.history.api.trace", "io.opentelemetry..");

  @ArchTest
  static final ArchRule theLogIsWrittenThroughOneHome =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.smg.history.log")
          .should()
          .callMethodWhere(
              describe(
                  "it writes to a Logger",
                  call ->
                      call.getTargetOwner().isAssignableTo(Logger.class)
                          && !call.getTarget().getName().equals("getLogger")));

  @ArchTest
  static final ArchRule redisLivesInOneHome =
      livesIn("org.smg.history.storage.redis..", "redis.clients..", "org.apache.commons.pool2..");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses().should().haveNameMatching(".*(Impl|Service|Manager|Utils?|Helper)$");

  @ArchTest
  static final ArchRule resourcesAreHttp =
      classes()
          .that()
          .haveSimpleNameEndingWith("Resource")
          .should()
          .resideInAPackage("org.smg.history.api");

  @ArchTest
  static final ArchRule stateIsNeverStatic =
      ArchRuleDefinition.fields().that().areStatic().should().haveModifier(JavaModifier.FINAL);

  @ArchTest
  static final ArchRule nothingIsReflected =
      noClasses()
          .that()
          // Two interfaces of JDBC, see ADR 106.
          .doNotHaveFullyQualifiedName("org.smg.history.storage.jpa.dialect.TenantConnection")
          .should()
          .dependOnClassesThat()
          .haveNameMatching("java\\.lang\\.reflect\\.(Method|Field|Constructor|Proxy)");

  @ArchTest
  static final ArchRule callersAreMadeInOneHome =
      noClasses()
          .that()
          .resideOutsideOfPackages("org.smg.history.security", "org.smg.history.model")
          .should()
          .callConstructor(Caller.class, String.class, String.class, boolean.class, String.class);

  @ArchTest
  static final ArchRule theCodecKnowsNoRules =
      classes()
          .that()
          .resideInAPackage("org.smg.history.json..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "tools.jackson..", "org.smg.history.model", "org.smg.history.json..");

  private static ArchRule livesIn(String home, String... guests) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(home)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(guests);
  }
}
