package org.smg.history.wartests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.oracle.OracleLogin;
import org.smg.postgres.PostgresUrl;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.yaml.snakeyaml.Yaml;

/** What can be held against each other where no WebLogic is to be had. */
@OnLiberty
class WebLogicDescriptorsIT {

  private static final Path MODELS = Path.of("src/weblogic");
  private static final Pattern PROPERTY = Pattern.compile("@@PROP:([\\w.-]+)@@");

  @Test
  void theWarsOwnVersionOfEveryLibraryIsPreferred() throws Exception {
    try (JarFile war = new JarFile(System.getProperty("war"))) {
      List<String> preferred = texts(war, "weblogic.xml", "package-name");

      Set<String> packages = packages(war);

      assertThat(packages).isNotEmpty();
      assertThat(packages)
          .allSatisfy(
              name ->
                  assertThat(preferred)
                      .anySatisfy(
                          pattern ->
                              assertThat(name + ".")
                                  .startsWith(pattern.substring(0, pattern.length() - 1))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres.yaml", "oracle.yaml"})
  void theModelsDataSourceIsTheOneThatTheWarRefersTo(String model) throws Exception {
    try (JarFile war = new JarFile(System.getProperty("war"))) {
      assertThat(texts(war, "weblogic.xml", "res-ref-name"))
          .isEqualTo(texts(war, "web.xml", "res-ref-name"));
      assertThat(texts(war, "weblogic.xml", "jndi-name"))
          .containsExactly((String) at(resource(model), "JDBCDataSourceParams", "JNDIName"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application.yaml", "postgres.yaml", "oracle.yaml"})
  void everyPropertyOfTheModelHasAValue(String model) throws IOException {
    Properties values = new Properties();
    try (Reader file = Files.newBufferedReader(MODELS.resolve("history.properties"))) {
      values.load(file);
    }
    Matcher property = PROPERTY.matcher(Files.readString(MODELS.resolve(model)));
    Set<String> used = new HashSet<>();
    while (property.find()) {
      used.add(property.group(1));
    }

    assertThat(used).isNotEmpty().allSatisfy(name -> assertThat(values).containsKey(name));
  }

  @Test
  void postgresIsAskedAsItIsOnOtherServers() throws IOException {
    Map<?, ?> properties =
        (Map<?, ?>) at(resource("postgres.yaml"), "JDBCDriverParams", "Properties");

    Map<String, String> given =
        properties.entrySet().stream()
            .filter(property -> !property.getKey().equals("user"))
            .collect(
                Collectors.toMap(
                    property -> (String) property.getKey(),
                    property -> at(property.getValue(), "Value").toString()));

    assertThat(given).isEqualTo(PostgresUrl.parse("postgres://localhost").properties());
  }

  @Test
  void oraclesSessionsAreToldWhatTheyAreToldOnOtherServers() throws IOException {
    OracleLogin login = new OracleLogin("", "", "//db/s", "u", "p", false, "", 10);

    assertThat(at(resource("oracle.yaml"), "JDBCConnectionPoolParams", "InitSql"))
        .isEqualTo("SQL " + login.session().get(0));
  }

  private static Object resource(String model) throws IOException {
    Object whole = new Yaml().load(Files.readString(MODELS.resolve(model)));
    return at(whole, "resources", "JDBCSystemResource", "history", "JdbcResource");
  }

  private static Object at(Object yaml, String... path) {
    Object found = yaml;
    for (String name : path) {
      found = ((Map<?, ?>) found).get(name);
    }
    return found;
  }

  private static List<String> texts(JarFile war, String descriptor, String element)
      throws Exception {
    try (InputStream xml = war.getInputStream(war.getEntry("WEB-INF/" + descriptor))) {
      Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml);
      NodeList found = document.getElementsByTagName(element);
      return IntStream.range(0, found.getLength())
          .mapToObj(i -> found.item(i).getTextContent())
          .toList();
    }
  }

  private static Set<String> packages(JarFile war) throws IOException {
    Set<String> packages = new TreeSet<>();
    List<JarEntry> libraries = new ArrayList<>();
    war.stream().filter(entry -> entry.getName().endsWith(".jar")).forEach(libraries::add);
    for (JarEntry library : libraries) {
      try (InputStream in = war.getInputStream(library);
          JarInputStream jar = new JarInputStream(new ByteArrayInputStream(in.readAllBytes()))) {
        for (JarEntry entry = jar.getNextJarEntry(); entry != null; entry = jar.getNextJarEntry()) {
          String name = entry.getName();
          if (name.endsWith(".class") && name.contains("/") && !name.startsWith("META-INF/")) {
            packages.add(name.substring(0, name.lastIndexOf('/')).replace('/', '.'));
          }
        }
      }
    }
    return packages;
  }
}
