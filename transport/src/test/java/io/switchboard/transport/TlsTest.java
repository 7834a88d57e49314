package io.switchboard.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.hub.Limits;
import io.switchboard.message.Topic;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    private static final char[] PASSWORD = "for-tests-only".toCharArray();
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    static Path folder;

    private static Certificate certificate;
    private static Tls tls;
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        certificate = make("first");
        tls = files("first", Optional.empty());
        server = TestServer.with(settings -> settings.withTls(tls));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Makes a certificate and its key, as files in PEM. */
    private static Certificate make(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        var keytool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD));
        assertEquals(0, keytool.inheritIO().start().waitFor());
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        write(name + ".crt", "CERTIFICATE", keys.getCertificate("a").getEncoded());
        write(name + ".key", "PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded());
        return keys.getCertificate("a");
    }

    private static Tls files(String name, Optional<String> password) {
        return new Tls(folder.resolve(name + ".crt"), folder.resolve(name + ".key"), password);
    }

    private static void write(String file, String type, byte[] der) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
    }

    private static SSLSocket socket(TestServer of, Certificate trusted, Socket below, String... protocols)
            throws Exception {
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("a", trusted);
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trust);
        var context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(below, "localhost", of.port(), true);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        socket.startHandshake();
        return socket;
    }

    private static RawClient connect(TestServer of, String... protocols) throws Exception {
        return new RawClient(socket(of, certificate, plain(of), protocols));
    }

    private static Socket plain(TestServer of) throws Exception {
        return new Socket(InetAddress.getLoopbackAddress(), of.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void streamsGoOnAndEnd(String protocol) throws Exception {
        try (var client = connect(server, protocol)) {
            client.stream("/lines/1", "one;fail");
            client.expectLine("one");
            client.expectLine("closing 1011 internal error");
            assertEquals("", client.chunk());
            client.expectEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void messagesGoBothWays(String protocol) throws Exception {
        try (var client = connect(server, protocol)) {
            client.upgrade("/t/1");
            for (int length : new int[] {0, 1, 1_000, 16_384, 65_536}) {
                client.text("x".repeat(length));
                client.expectText("x".repeat(length));
            }
            server.publish(Topic.user("1"), "to one");
            client.expectText("to one");
            client.send(RawClient.frame(RawClient.PING, true, "p".getBytes(StandardCharsets.US_ASCII)));
            assertEquals("p", client.read().latin1());
            client.closeFrame(1000, "done");
            assertEquals("done", client.expectClose(1000).closeText());
            client.expectEnd();
        }
    }

    @Test
    void brokenRuleIsToldBeforeTheEnd() throws Exception {
        try (var client = connect(server)) {
            client.upgrade("/t/1");
            client.send(new byte[] {(byte) 0xff, (byte) 0x80, 1, 2, 3, 4});
            client.expectClose(1002);
            client.expectEnd();
        }
        try (var client = connect(server)) {
            assertEquals(400, client.get("/t/1").status());
            client.send("nonsense\r\n\r\n");
            assertEquals(400, client.answer().status());
            client.expectEnd();
        }
    }

    @Test
    void slowReaderIsClosed() throws Exception {
        Limits limits = TestServer.limits(32 << 10, 128 << 10, LONG, LONG, LONG);
        try (var small = TestServer.with(settings -> settings.withTls(tls).withLimits(limits));
                var quick = connect(small)) {
            quick.upgrade("/t/1");
            var narrow = new Socket();
            narrow.setReceiveBufferSize(4 << 10);
            narrow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), small.port()));
            try (var slow = new RawClient(socket(small, certificate, narrow))) {
                slow.upgrade("/t/2");
                for (int sent = 0; small.meter("switchboard.closed.slow") == 0; sent++) {
                    assertTrue(sent < 10_000, "the slow client is never closed");
                    String message = sent + "x".repeat(16 << 10);
                    small.publish(Topic.ALL, message);
                    quick.expectText(message);
                }
                small.awaitSessions(1);
            }
        }
    }

    @Test
    void slowReaderHearsWhatWaitedWhenItReadsAgain() throws Exception {
        Limits limits = TestServer.limits(32 << 10, 256 << 10, LONG, LONG, LONG).with(wide -> {
            wide.backlogBytes = 16 << 20;
            wide.backlogTime = LONG;
        });
        try (var small = TestServer.with(
                        config -> config.withLimits(limits),
                        settings -> settings.withTls(tls).withLimits(limits));
                var quick = connect(small)) {
            quick.upgrade("/t/1");
            var narrow = new Socket();
            narrow.setReceiveBufferSize(4 << 10);
            narrow.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), small.port()));
            try (var slow = new RawClient(socket(small, certificate, narrow))) {
                slow.upgrade("/t/2");
                String pad = " " + "x".repeat(16 << 10);
                int said = 0;
                while (small.meter("switchboard.backlog.bytes") < 2 << 20) {
                    small.publish(Topic.ALL, said + pad);
                    quick.expectText(said + pad);
                    said++;
                }
                for (int i = 0; i < said; i++) {
                    slow.expectText(i + pad);
                }
                TestServer.await("nobody is pressed", () -> small.meter("switchboard.sessions.pressed") == 0);
            }
        }
    }

    @Test
    void whoDoesNotSpeakTlsIsPutOff() throws Exception {
        long before = server.meter("switchboard.handshakes.refused");
        try (var client = server.connect()) {
            client.send(RawClient.upgradeRequest("/t/1"));
            assertTrue(client.ends());
        }
        try (var client = server.connect()) {
            // The beginning of a real greeting, and no more.
            client.send(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01});
            client.reset();
        }
        TestServer.await("counted", () -> server.meter("switchboard.handshakes.refused") > before);
    }

    @Test
    void greetingThatDoesNotComeIsNotWaitedFor() throws Exception {
        Limits limits = TestServer.limits(1 << 10, 1 << 16, Duration.ofMillis(200), LONG, LONG);
        try (var impatient = TestServer.with(settings -> settings.withTls(tls).withLimits(limits));
                var silent = impatient.connect();
                var half = impatient.connect()) {
            half.send(new byte[] {0x16, 0x03, 0x01});
            assertTrue(silent.ends());
            assertTrue(half.ends());
        }
    }

    @Test
    void filesCanBeReadAnewWhileConnectionsAreOpen() throws Exception {
        make("old");
        var renewed = files("old", Optional.empty());
        var oldCertificate = certificateOf("old");
        try (var own = TestServer.with(settings -> settings.withTls(renewed));
                var before = new RawClient(socket(own, oldCertificate, plain(own)))) {
            before.upgrade("/t/1");
            Files.writeString(folder.resolve("old.crt"), "no certificate");
            assertThrows(IllegalArgumentException.class, renewed::reload);
            socket(own, oldCertificate, plain(own)).close();
            Certificate newer = make("newer");
            for (String ending : new String[] {".crt", ".key"}) {
                Files.writeString(folder.resolve("old" + ending), Files.readString(folder.resolve("newer" + ending)));
            }
            renewed.reload();
            try (var after = socket(own, newer, plain(own))) {
                assertEquals(newer, after.getSession().getPeerCertificates()[0]);
                assertNotEquals(oldCertificate, newer);
            }
            before.text("still here");
            before.expectText("still here");
        }
    }

    private static Certificate certificateOf(String name) throws Exception {
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve(name + ".p12"))) {
            keys.load(in, PASSWORD);
        }
        return keys.getCertificate("a");
    }

    @Test
    void keyMayBeEncrypted() throws Exception {
        Certificate shown = make("sealed");
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("sealed.p12"))) {
            keys.load(in, PASSWORD);
        }
        String algorithm = "PBEWithSHA1AndDESede";
        var cipher = Cipher.getInstance(algorithm);
        cipher.init(
                Cipher.ENCRYPT_MODE,
                SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(PASSWORD)),
                new PBEParameterSpec(new byte[8], 1_000));
        byte[] sealed = cipher.doFinal(keys.getKey("a", PASSWORD).getEncoded());
        write(
                "sealed.key",
                "ENCRYPTED PRIVATE KEY",
                new EncryptedPrivateKeyInfo(cipher.getParameters(), sealed).getEncoded());
        Tls opened = files("sealed", Optional.of(new String(PASSWORD)));
        try (var own = TestServer.with(settings -> settings.withTls(opened));
                var client = socket(own, shown, plain(own))) {
            assertEquals(shown, client.getSession().getPeerCertificates()[0]);
        }
        assertThrows(IllegalArgumentException.class, () -> files("sealed", Optional.of("wrong")));
        assertThrows(IllegalArgumentException.class, () -> files("sealed", Optional.empty()));
    }

    @Test
    void missingFilesAreNamed() {
        var failure = assertThrows(IllegalArgumentException.class, () -> files("none", Optional.empty()));
        assertTrue(String.valueOf(failure.getMessage()).contains("none.crt"), failure.getMessage());
    }
}
