package io.switchboard.bench.target;

import io.switchboard.bench.plan.BadPlanException;
import io.switchboard.bench.plan.Scenario;
import io.switchboard.bench.target.Spelling.Reply;
import io.switchboard.bench.target.Spelling.Role;
import io.switchboard.bench.target.Spelling.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Any server, spelled by templates. */
public record Plain(
        String path,
        Optional<String> publishPath,
        List<String> onOpen,
        List<String> publishOnOpen,
        String message,
        List<String> headers,
        boolean binary,
        Optional<String> reply)
        implements Target {
    private static final String AWAIT = "await:";

    public Plain {
        onOpen = List.copyOf(onOpen);
        publishOnOpen = List.copyOf(publishOnOpen);
        headers = List.copyOf(headers);
        for (var header : headers) {
            if (!header.matches("[!-9;-~]+:[^\\r\\n]*")) {
                throw new BadPlanException(
                        "--header \"" + header + "\" is no header; give one such as \"Origin: http://a\"");
            }
        }
        if (!Template.of(message).hasPayload()) {
            throw new BadPlanException("--message " + message + " has no %P: without the payload nothing can be"
                    + " counted; put %P where the text goes");
        }
        if (reply.isPresent() && !reply.get().contains("=")) {
            throw new BadPlanException("--reply " + reply.get() + " is no pair; give HEARD=SAID such as 2=3");
        }
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public Spelling spelling(Scenario traffic) {
        var listener = new Role(Template.of(path), headers, steps(onOpen));
        var publisher = new Role(
                Template.of(publishPath.orElse(path)),
                headers,
                steps(publishOnOpen.isEmpty() ? onOpen : publishOnOpen));
        return new Spelling(listener, publisher, Template.of(message), binary, reply.map(Plain::pair));
    }

    private static List<Step> steps(List<String> texts) {
        var steps = new ArrayList<Step>();
        for (var text : texts) {
            steps.add(
                    text.startsWith(AWAIT)
                            ? new Step.Await(text.substring(AWAIT.length()))
                            : new Step.Say(Template.of(text)));
        }
        return steps;
    }

    private static Reply pair(String text) {
        int at = text.indexOf('=');
        return new Reply(text.substring(0, at), text.substring(at + 1));
    }
}
