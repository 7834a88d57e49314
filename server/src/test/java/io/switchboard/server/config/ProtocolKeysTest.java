package io.switchboard.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.switchboard.protocols.sign.SignSettings;
import io.switchboard.protocols.sign.SignSettings.Kind;
import io.switchboard.protocols.sign.SignSettings.Member;
import io.switchboard.server.config.ServerConfig.BackplaneFormat;
import io.switchboard.server.config.ServerConfig.BackplaneType;
import io.switchboard.server.config.ServerConfig.HttpRoot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of the protocols sign, inbox and message, and their presets. */
class ProtocolKeysTest {
    @Test
    void thePresetSignRabbitmqIsThePublishedDesign() throws ConfigException {
        var config = ConfigSources.none().withPreset("sign-rabbitmq").load();
        assertEquals(BackplaneType.RABBITMQ, config.backplane().type());
        assertEquals(BackplaneFormat.SIGN, config.backplane().format());
        assertEquals(
                new ServerConfig.Sign(true, List.of(), SignSettings.DEFAULT, "saas.reltimewsmes.exchange", true),
                config.protocols().sign());
        assertFalse(config.protocols().chat().enabled());
    }

    @Test
    void thePresetInboxRocketmqIsThePublishedDesign() throws ConfigException {
        var config = ConfigSources.none().withPreset("inbox-rocketmq").load();
        assertEquals(BackplaneType.ROCKETMQ, config.backplane().type());
        assertEquals(BackplaneFormat.INBOX, config.backplane().format());
        assertEquals(
                new ServerConfig.Inbox(true, List.of("/ws"), true, Map.of(), Optional.of("websocket-demo:userNode:")),
                config.protocols().inbox());
        assertEquals(65_536, config.limits().messageBytes());
    }

    @Test
    void thePresetMessageRabbitmqIsThePublishedDesign() throws ConfigException {
        var config = ConfigSources.none().withPreset("message-rabbitmq").load();
        assertEquals(BackplaneType.RABBITMQ, config.backplane().type());
        assertEquals(BackplaneFormat.MESSAGE, config.backplane().format());
        assertEquals(
                new ServerConfig.MessageProtocol(
                        true,
                        List.of("/message"),
                        true,
                        Optional.of("/publish-sub-send"),
                        "PUBLISH_SUBSCRIBE_EXCHANGE"),
                config.protocols().message());
        assertEquals(HttpRoot.MESSAGE_PAGE, config.http().root());
        assertEquals(
                HttpRoot.MESSAGE_PAGE,
                ConfigSources.none()
                        .withSet("http.root=message-page")
                        .load()
                        .http()
                        .root());
    }

    @Test
    void deploymentSpellsTheSignProtocolAsItLikes() throws ConfigException {
        var sign = ConfigSources.none()
                .withSet("protocols.sign.enabled=true")
                .withSet("protocols.sign.path=/hub,/other")
                .withSet("protocols.sign.parameter=token")
                .withSet("protocols.sign.names=time=MessageDateTime, from_type=fromType")
                .withSet("protocols.sign.types=user_info=11,broadcast=-3")
                .withSet("protocols.sign.order=data,type,time")
                .withSet("protocols.sign.to_sender=false")
                .load()
                .protocols()
                .sign();
        assertEquals(List.of("/hub", "/other"), sign.paths());
        assertEquals(
                new SignSettings(
                        "token",
                        Map.of(Member.TIME, "MessageDateTime", Member.FROM_TYPE, "fromType"),
                        Map.of(Kind.USER_INFO, 11, Kind.BROADCAST, -3),
                        List.of(Member.DATA, Member.TYPE, Member.TIME),
                        false),
                sign.settings());
    }

    @Test
    void senderThatAFormatDoesNotNameCannotBeLeftOut() throws ConfigException {
        var config = ConfigSources.none()
                .withPreset("message-rabbitmq")
                .withSet("protocols.message.to_sender=false")
                .load();
        assertTrue(config.warnings().stream().anyMatch(text -> text.contains("names no sender")));
    }

    @Test
    void groupsAreListsOfMembers() throws ConfigException {
        var inbox = ConfigSources.none()
                .withSet("protocols.inbox.groups=77=1 2  3, 78=")
                .load()
                .protocols()
                .inbox();
        assertEquals(Map.of("77", Set.of("1", "2", "3"), "78", Set.of()), inbox.groups());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "protocols.sign.names=times=x | \"times\" is not known here; give one of time, type",
                "protocols.sign.types=user_info=1,task_count=1 | two types of messages have the same number",
                "protocols.sign.types=user_info=one | \"user_info=one\" does not fit",
                "protocols.sign.types=user_info=1,user_info=2 | \"user_info\" stands twice",
                "protocols.sign.order=time,type | the order must name time, type and data",
                "protocols.sign.order=time,type,user_id | \"user_id\" is not known here; give one of time, type, data",
                "protocols.sign.path=hub | \"hub\" does not fit",
                "protocols.inbox.groups=ann=1 | \"ann=1\" does not fit",
                "backplane.format=inbox | inbox needs the inbox protocol; set protocols.inbox.enabled: true",
            })
    void mistakesNameTheirCure(String setting, String told) {
        var failure = assertThrows(
                ConfigException.class,
                () -> ConfigSources.none().withSet(setting).load());
        assertTrue(String.valueOf(failure.getMessage()).contains(told), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "inbox, '/ws,/ws', protocols.inbox.path",
        "message, /chat/user/a, ''",
        "message, /echo, protocols.chat.echo",
        "message, '', the list is empty",
        "sign, '*,/hub', ''",
        "sign, '/hub,/hub', protocols.sign.path",
    })
    void equalClaimsNameBoth(String protocol, String paths, String told) throws ConfigException {
        var sources = ConfigSources.none()
                .withSet("protocols.chat.echo=/echo")
                .withSet("protocols." + protocol + ".enabled=true")
                .withFlag("--set", "protocols." + protocol + ".path", paths.isEmpty() ? "," : paths);
        if (told.isEmpty()) {
            sources.load();
        } else {
            var failure = assertThrows(ConfigException.class, sources::load);
            assertTrue(String.valueOf(failure.getMessage()).contains(told), failure.getMessage());
        }
    }
}
