"""The command line: one file a command; nothing heavy is imported until a command needs it."""

import sys

import typer

from edgewise.errors import EdgewiseError

EXIT_FAILED = 1


def main() -> None:
    """Run `edgewise` with the process's arguments; errors are one line, without a traceback."""
    try:
        make_app()()
    except EdgewiseError as error:
        sys.stderr.write(f"edgewise: {error}\n")
        sys.exit(EXIT_FAILED)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(EXIT_FAILED)


def make_app() -> typer.Typer:
    """The application with all its commands; importing them is light."""
    from edgewise.cli import (
        ask,
        chat,
        cloud,
        clouds,
        cockpit,
        consent,
        doctor,
        erase,
        eval,
        explain,
        feedback,
        hear,
        learn,
        left,
        listen,
        lists,
        mode,
        models,
        outbox,
        plan,
        run,
        say,
        screen,
        see,
        serve,
        tunnel,
        understand,
    )

    app = _empty_app()
    app.command()(run.run)
    app.command()(cockpit.cockpit)
    app.command()(ask.ask)
    app.command()(chat.chat)
    app.command()(understand.understand)
    app.command()(hear.hear)
    app.command()(say.say)
    app.command()(listen.listen)
    app.command()(see.see)
    app.add_typer(screen.make_screen(), name="screen")
    app.command()(lists.capabilities)
    app.command()(lists.rules)
    app.command()(explain.explain)
    app.command()(explain.replay)
    app.command()(erase.erase)
    app.command()(mode.mode)
    app.command()(tunnel.tunnel)
    app.command()(clouds.clouds)
    app.command()(left.left)
    app.add_typer(consent.make_consent(), name="consent")
    app.add_typer(outbox.make_outbox(), name="outbox")
    app.add_typer(feedback.make_feedback(), name="feedback")
    app.add_typer(learn.make_learn(), name="learn")
    app.add_typer(models.make_models(), name="models")
    app.command()(plan.plan)
    app.add_typer(cloud.make_cloud(), name="cloud")
    app.command()(doctor.doctor)
    app.add_typer(eval.make_eval(), name="eval")
    app.add_typer(serve.make_serve(), name="serve")
    return app


def _empty_app() -> typer.Typer:
    return typer.Typer(
        name="edgewise",
        help="An agent on the device that reads, thinks, and acts behind a deterministic policy.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
