package org.smg.history.storage.jpa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smg.history.storage.Samples.labels;
import static org.smg.history.storage.Samples.message;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smg.history.model.Key;
import org.smg.history.storage.ByteSums;
import org.smg.history.storage.CountedBytes;
import org.smg.history.storage.SampleTenant;
import org.smg.history.storage.Samples;
import org.smg.history.storage.Storage;
import org.smg.history.storage.jpa.dialect.OracleDialect;
import org.smg.history.storage.jpa.dialect.PostgresDialect;

/** What a database administrator counts in the tables is what the servers have counted. */
@ExtendWith(PostgresServer.Shared.class)
class CountStoredBytesTest {

  private static final String TEXT = "Stra\u00dfe \ud83d\ude00".repeat(3_000);

  private final CountedBytes counted = new CountedBytes();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onPostgres(boolean rowSecurity, PostgresServer server) throws Exception {
    String name = "count_" + UUID.randomUUID().toString().replace('-', '_');
    DataSource administrator =
        rowSecurity ? server.newSecuredDatabase(name) : server.newDatabase(name);
    DataSource pool = server.pool(name, 4, rowSecurity ? "history_app" : "postgres");
    try (JpaStorage storage =
        new JpaStorage(() -> pool, false, rowSecurity, new PostgresDialect(), counted)) {
      SampleTenant one = filled(storage, 1);
      SampleTenant other = filled(storage, 5);
      spoil(storage, one);

      // Under row security even the owner of the tables sees one tenant at a time.
      for (int i = 0; i < 2; i++) {
        PostgresServer.run(
            rowSecurity ? server.pool(name, 1, "history_app") : administrator,
            PostgresServer.script("count-stored-bytes.sql"));
      }

      assertThat(storage.byteSums().sums(one.name()))
          .isEqualTo(Map.of(ByteSums.WHOLE_TENANT, counted.of(one), "key", 7L));
      assertThat(storage.byteSums().sums(other.name()))
          .isEqualTo(Map.of(ByteSums.WHOLE_TENANT, counted.of(other)));
    }
  }

  @Test
  void onOracle() throws Exception {
    try (OracleDatabase database = OracleDatabase.h2()) {
      DataSource pool = database.pool();
      try (JpaStorage storage =
          new JpaStorage(() -> pool, false, false, new OracleDialect(), counted)) {
        database.begin(storage);
        SampleTenant one = filled(storage, 1);
        SampleTenant other = filled(storage, 5);
        spoil(storage, one);

        for (String sql :
            OracleGrammar.statements(
                Files.readString(Path.of("db-scripts/oracle/count-stored-bytes.sql")))) {
          database.run(sql);
        }

        assertThat(storage.byteSums().sums(one.name()))
            .isEqualTo(Map.of(ByteSums.WHOLE_TENANT, counted.of(one), "key", 7L));
        assertThat(storage.byteSums().sums(other.name()))
            .isEqualTo(Map.of(ByteSums.WHOLE_TENANT, counted.of(other)));
      }
    }
  }

  private static SampleTenant filled(Storage storage, int times) {
    SampleTenant tenant = SampleTenant.fresh(storage);
    Key conversation = tenant.key("conv");
    storage
        .conversations()
        .create(
            tenant.scope(),
            Samples.conversation(conversation, 0, labels("a", "\u00e9\u00e9")),
            List.of(message("first", TEXT)));
    for (int i = 0; i < times; i++) {
      tenant.record(
          tenant
              .turn("resp_" + i)
              .in(conversation)
              .input(message("in_" + i, TEXT), message("other_" + i))
              .output(message("out_" + i, TEXT)));
      tenant.feedback("fb_" + i, "resp_" + i);
    }
    storage.responses().delete(tenant.scope(), "resp_0");
    return tenant;
  }

  private static void spoil(Storage storage, SampleTenant tenant) {
    storage.byteSums().add(tenant.name(), Map.of(ByteSums.WHOLE_TENANT, 1L << 40, "key", 7L));
  }
}
