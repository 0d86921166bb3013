using System.Collections.Immutable;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Sessions;
using Wharf.Gateway.Telemetry;
using Wharf.Grains.Objects;
using Wharf.Grains.Streams;

namespace Wharf.Gateway.Streams;

/// <summary>Sends the messages of the inbox to the object in batches, after it has resolved their references.</summary>
internal sealed class BatchSender(
    CallSession session, StreamConnection connection, StreamInbox inbox, SessionOperations work, Permissions permissions, GatewayInstruments instruments, CancellationToken stopped)
{
    private readonly BatchBuilder _batches = new(inbox);
    private long _message;

    /// <summary>Returns whether a batch can be sent: a message, the rest of a message, or the half-close.</summary>
    /// <param name="unresolved">The message whose references must be resolved first, or null.</param>
    public bool HasNext(out InboundMessage? unresolved)
    {
        unresolved = null;
        if (_batches.IsInMessage)
            return true;
        if (!inbox.TryPeek(out var head))
            return inbox.IsDone;
        if (!head.IsReady)
            unresolved = head;
        return true;
    }

    /// <summary>Resolves the references of the next message.</summary>
    public async Task ResolveAsync(InboundMessage message)
    {
        var tickets = await AuthorizedTickets.AuthorizeReferencesAsync(permissions, session.Caller, message.Tickets, stopped);
        message.References = await work.ResolveAsync(session, tickets, Holder.OfInput(connection.Id, _message), lease: null, stopped);
    }

    /// <summary>Sends the next batch.</summary>
    public Task<StreamOutput> SendAsync()
    {
        var parts = _batches.Take();
        int messages = 0;
        foreach (var part in parts)
        {
            if (part.IsLast)
                messages++;
        }

        _message += messages;
        instruments.Received(parts.AsSpan());
        bool halfClose = !_batches.IsInMessage && inbox.IsDone;
        return GatewayActivities.IsRecording ? SendTracedAsync(parts, messages, halfClose) : connection.SendAsync(parts, halfClose);
    }

    /// <summary>Releases the references of a message that was resolved but not sent.</summary>
    public async Task ReleaseAsync(IGrainFactory grains)
    {
        if (!inbox.TryPeek(out var head) || head is not { IsReady: true, Tickets.IsEmpty: false })
            return;
        await using (new HeldObjects(grains, head.References, Holder.OfInput(connection.Id, _message)))
        {
        }
    }

    private async Task<StreamOutput> SendTracedAsync(ImmutableArray<StreamPart> parts, int messages, bool halfClose)
    {
        using var activity = GatewayActivities.Send(connection.Id, messages);
        return await connection.SendAsync(parts, halfClose);
    }
}
