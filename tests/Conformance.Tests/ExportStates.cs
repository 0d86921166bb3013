using Grpc.Core;
using Wharf.Protocol.Grpc;

namespace Wharf.Conformance.Tests;

/// <summary>Export 1 in every state that it can be in, and what every call says of it.</summary>
public abstract class ExportStates(ConformanceServer server)
{
    private const string DependencyFailed = "FailedPrecondition: Export in state DEPENDENCY_FAILED";
    private const string CancelledParent = "FailedPrecondition: Export in state DEPENDENCY_CANCELLED (related parent export id: 1)";
    private const string ReleasedParent = "FailedPrecondition: Export in state DEPENDENCY_RELEASED (related parent export id: 1)";
    private const string ColumnNotFound = "FailedPrecondition: column(s) not found: Nope";
    private const string Again = "InvalidArgument";

    // How export 1 gets into each state; what is left waiting is returned.
    private static readonly Dictionary<string, Func<Session, Task<Task?>>> Ways = new()
    {
        ["exported"] = async session => Done(await session.EmptyTableAsync(Session.Export(1), 3)),
        ["released"] = async session => Done(await session.EmptyTableAsync(Session.Export(1)), await session.ReleaseAsync(Session.Export(1))),
        ["pending"] = session => WaitAsync(session, Session.Export(91), Session.Export(1)),
        ["cancelled"] = async session =>
        {
            await WaitAsync(session, Session.Export(91), Session.Export(1));
            return Done(await session.ReleaseAsync(Session.Export(1)));
        },
        ["cancelled as a mention"] = async session =>
        {
            await WaitAsync(session, Session.Export(1), Session.Export(90));
            return Done(await session.ReleaseAsync(Session.Export(1)));
        },
        ["failed"] = async session => Done(await session.EmptyTableAsync(Session.Export(80)), await session.UpdateAsync(Session.Export(80), Session.Export(1), "X = nosuch + 1")),
        ["failed with a status"] = async session => Done(await session.EmptyTableAsync(Session.Export(80)), await session.FailWithStatusAsync(Session.Export(80), Session.Export(1))),
        ["of a missing variable"] = async session => Done(await session.FetchTableAsync(Session.Scope("nosuchvariable"), Session.Export(1))),
        ["refused at once"] = async session => Done(await session.EmptyTableAsync(Session.Export(1), -1)),
    };

    [Theory]
    [InlineData("exported", "OK: ")]
    [InlineData("released", ReleasedParent)]
    [InlineData("cancelled", DependencyFailed)]
    [InlineData("cancelled as a mention", CancelledParent)]
    [InlineData("failed", DependencyFailed)]
    [InlineData("failed with a status", ColumnNotFound)]
    [InlineData("of a missing variable", "NotFound")]
    public async Task A_dependent_reports_the_state_of_its_source(string state, string expected)
    {
        await using var session = await server.LoginAsync();
        await Ways[state](session);
        var source = Session.Export(1);
        Is(expected, await session.FetchTableAsync(source, Session.Export(2)));
        Is(expected, await session.UpdateAsync(source, Session.Export(3)));
        Is(expected, await session.ExportAsync(source, Session.Export(4)));
        Is(expected, await session.PublishAsync(source, Session.Export(5)));
        Is(expected, await session.PublishAsync(source, Session.NewScope()));
        Is(expected, await session.DescribeAsync(source));
        if (expected != "OK: ")
        {
            Is(expected, await session.ConverseAsync(Session.Connect(source, "Echo")));
            Is(expected, await session.ConverseAsync(Session.Connect(Session.Scope("echo"), "Echo"), Session.Data("x", source)));
        }
    }

    [Theory]
    [InlineData("failed", DependencyFailed)]
    [InlineData("failed with a status", ColumnNotFound)]
    [InlineData("of a missing variable", "NotFound")]
    [InlineData("released", DependencyFailed)]
    [InlineData("cancelled as a mention", DependencyFailed)]
    public async Task A_dependent_of_a_dependent_reports_the_state(string state, string expected)
    {
        await using var session = await server.LoginAsync();
        await Ways[state](session);
        await session.FetchTableAsync(Session.Export(1), Session.Export(2));
        Is(expected, await session.FetchTableAsync(Session.Export(2), Session.Export(3)));
        Is(expected, await session.ExportAsync(Session.Export(3), Session.Export(4)));
        Is(expected, await session.DescribeAsync(Session.Export(4)));
    }

    [Theory]
    [InlineData("exported", Again)]
    [InlineData("pending", Again)]
    [InlineData("cancelled", Again)]
    [InlineData("failed", Again)]
    [InlineData("failed with a status", Again)]
    [InlineData("of a missing variable", Again)]
    [InlineData("released", "FailedPrecondition: Export in state RELEASED")]
    [InlineData("cancelled as a mention", "Cancelled: Export is cancelled")]
    [InlineData("refused at once", "OK: ")]
    public async Task Its_id_can_be_defined_again_only_if_it_was_never_used(string state, string expected)
    {
        foreach (var define in new Func<Session, Task<Answer>>[]
        {
            session => session.EmptyTableAsync(Session.Export(1)),
            session => session.FetchTableAsync(Session.Export(70), Session.Export(1)),
            session => session.ExportAsync(Session.Scope("echo"), Session.Export(1)),
            session => session.PublishAsync(Session.Export(70), Session.Export(1)),
        })
        {
            await using var session = await server.LoginAsync();
            await session.EmptyTableAsync(Session.Export(70));
            await Ways[state](session);
            Is(expected, await define(session));
        }
    }

    [Theory]
    [InlineData("exported", "OK: ")]
    [InlineData("released", "OK: ")]
    [InlineData("pending", "OK: ")]
    [InlineData("cancelled", "OK: ")]
    [InlineData("cancelled as a mention", "OK: ")]
    [InlineData("failed", "OK: ")]
    [InlineData("of a missing variable", "OK: ")]
    [InlineData("refused at once", "Unavailable: Export not yet defined")]
    public async Task A_second_release_has_no_effect(string state, string expected)
    {
        await using var session = await server.LoginAsync();
        await Ways[state](session);
        Is(expected, await session.ReleaseAsync(Session.Export(1)));
        Is(expected, await session.ReleaseAsync(Session.Export(1)));
    }

    [Theory]
    [InlineData("exported", new[] { 0, 1, 3, 4, 5 })]
    [InlineData("released", new[] { 0, 1, 3, 4, 5, 6 })]
    [InlineData("pending", new[] { 0, 1 })]
    [InlineData("cancelled", new[] { 0, 1, 7 })]
    [InlineData("cancelled as a mention", new[] { 0, 7 })]
    [InlineData("failed", new[] { 0, 1, 3, 4, 8 })]
    [InlineData("of a missing variable", new[] { 0, 1, 9 })]
    [InlineData("refused at once", new int[0])]
    public async Task Its_subscribers_are_notified(string state, int[] expected)
    {
        await using var session = await server.LoginAsync();
        using var notices = session.Sessions.ExportNotifications(new ExportNotificationRequest(), session.Headers);
        var marker = await Answer.NextAsync(notices.ResponseStream);
        Assert.Equal((Session.Export(0), ExportNotification.Types.State.Exported, "run is complete"), (marker.Ticket, marker.ExportState, marker.Context));
        await Ways[state](session);
        await session.EmptyTableAsync(Session.Export(99));
        var states = new List<int>();
        while (await Answer.NextAsync(notices.ResponseStream) is { } notice && !IsOf(notice, Session.Export(99), ExportNotification.Types.State.Exported))
        {
            if (notice.Ticket.Equals(Session.Export(1)))
                states.Add((int)notice.ExportState);
            Assert.Equal((int)notice.ExportState > 7, Guid.TryParse(notice.Context, out _));
        }
        Assert.Equal(expected, states);
    }

    [Theory]
    [InlineData("exported", 5)]
    [InlineData("pending", 1)]
    [InlineData("released", null)]
    [InlineData("cancelled", null)]
    [InlineData("failed", null)]
    public async Task A_new_follower_hears_of_what_lives(string state, int? expected)
    {
        await using var session = await server.LoginAsync();
        await Ways[state](session);
        using var notices = session.Sessions.ExportNotifications(new ExportNotificationRequest(), session.Headers);
        int? told = null;
        while (await Answer.NextAsync(notices.ResponseStream) is { } notice && !notice.Ticket.Equals(Session.Export(0)))
            told = notice.Ticket.Equals(Session.Export(1)) ? (int)notice.ExportState : told;
        Assert.Equal(expected, told);
    }

    [Fact]
    public async Task A_waiting_call_receives_the_export_or_its_failure()
    {
        await using var session = await server.LoginAsync();
        var table = session.FetchTableAsync(Session.Export(1), Session.Export(2));
        var further = session.ExportAsync(Session.Export(2), Session.Export(3));
        await session.EmptyTableAsync(Session.Export(1));
        Is("OK: ", await table);
        Is("OK: ", await further);

        var failing = session.FetchTableAsync(Session.Export(11), Session.Export(12));
        var alongside = session.ExportAsync(Session.Export(12), Session.Export(13));
        await session.FailWithStatusAsync(Session.Export(1), Session.Export(11));
        Is(ColumnNotFound, await failing);
        Is(ColumnNotFound, await alongside);
    }

    [Fact]
    public async Task A_dependent_outlives_its_released_source()
    {
        await using var session = await server.LoginAsync();
        await session.EmptyTableAsync(Session.Export(1), 3);
        Is("OK: ", await session.UpdateAsync(Session.Export(1), Session.Export(2)));
        Is("OK: ", await session.ReleaseAsync(Session.Export(1)));
        Is("OK: ", await session.UpdateAsync(Session.Export(2), Session.Export(3), "Y = X"));
    }

    [Fact]
    public async Task Nothing_depends_on_itself()
    {
        await using var session = await server.LoginAsync();
        Is("FailedPrecondition", await session.FetchTableAsync(Session.Export(1), Session.Export(1)));
        await WaitAsync(session, Session.Export(3), Session.Export(2));
        Is("FailedPrecondition", await session.FetchTableAsync(Session.Export(2), Session.Export(3)));
    }

    private static Task? Done(params Answer[] answers) => answers.Length == 0 ? throw new ArgumentException("nothing was done", nameof(answers)) : null;

    // Returns when the session knows that the result waits for the source.
    private static async Task<Task?> WaitAsync(Session session, Ticket source, Ticket result)
    {
        using var notices = session.Sessions.ExportNotifications(new ExportNotificationRequest(), session.Headers);
        var waiting = session.FetchTableAsync(source, result);
        while ((await Answer.NextAsync(notices.ResponseStream)) is { } notice && !IsOf(notice, result, ExportNotification.Types.State.Pending))
        {
        }
        return waiting;
    }

    private static bool IsOf(ExportNotification notice, Ticket ticket, ExportNotification.Types.State state) => notice.Ticket.Equals(ticket) && notice.ExportState == state;

    private static void Is(string expected, Answer answer)
    {
        if (expected.Contains(':', StringComparison.Ordinal))
            Assert.Equal(expected, answer.ToString());
        else
            Assert.Equal(expected, answer.Code.ToString());
    }
}
