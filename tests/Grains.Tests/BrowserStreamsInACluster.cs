using System.Text;
using Wharf.Grains.Sharing;
using Wharf.Grains.Tests.Cluster;

namespace Wharf.Grains.Tests;

public sealed class BrowserMessageOrder
{
    private readonly BrowserSequencer _sequencer = new(10, 100);

    private static BrowserMessage Message(int sequence, int size = 1) => new(sequence, new byte[size], false);

    private static BrowserMessage HalfClose(int sequence) => new(sequence, new byte[1], true);

    private void Refused(FaultCode code, Action action) => Assert.Equal(code, Assert.Throws<FaultException>(action).Fault.Code);

    [Fact]
    public void Messages_are_read_in_sequence_and_gaps_wait()
    {
        _sequencer.Push(Message(2));
        _sequencer.Push(Message(0));
        Assert.Equal([0], _sequencer.Read(0).Select(message => message.Sequence));
        Assert.Empty(_sequencer.Read(1));
        _sequencer.Push(Message(1));
        Assert.Equal([1, 2], _sequencer.Read(1).Select(message => message.Sequence));
        Assert.Equal([1, 2], _sequencer.Read(1).Select(message => message.Sequence));
        Assert.Empty(_sequencer.Read(3));
    }

    [Fact]
    public void A_sequence_that_was_there_is_out_of_range()
    {
        _sequencer.Push(Message(0));
        Refused(FaultCode.OutOfRange, () => _sequencer.Push(Message(0)));
        _sequencer.Read(1);
        Refused(FaultCode.OutOfRange, () => _sequencer.Push(Message(0)));
    }

    [Fact]
    public void Messages_beyond_the_half_close_are_aborted()
    {
        _sequencer.Push(HalfClose(2));
        Refused(FaultCode.Aborted, () => _sequencer.Push(Message(3)));
        _sequencer.Push(Message(0));
        _sequencer.Push(Message(1));
        Assert.Equal([false, false, true], _sequencer.Read(0).Select(message => message.HalfClose));
        Assert.Equal(0, _sequencer.Read(2)[0].Request.Length);
    }

    [Fact]
    public void A_second_half_close_is_an_invalid_argument()
    {
        _sequencer.Push(HalfClose(2));
        Refused(FaultCode.InvalidArgument, () => _sequencer.Push(HalfClose(1)));
        Refused(FaultCode.InvalidArgument, () => _sequencer.Push(HalfClose(2)));
        Refused(FaultCode.Aborted, () => _sequencer.Push(HalfClose(3)));
    }

    [Fact]
    public void A_message_that_comes_twice_before_its_turn_counts_once()
    {
        _sequencer.Push(Message(1, 1));
        _sequencer.Push(Message(1, 2));
        _sequencer.Push(Message(0));
        Assert.Equal([1, 1], _sequencer.Read(0).Select(message => message.Request.Length));
        Refused(FaultCode.OutOfRange, () => _sequencer.Push(Message(1)));
    }

    [Fact]
    public void After_the_end_nothing_is_taken()
    {
        _sequencer.Open();
        Refused(FaultCode.InvalidArgument, _sequencer.Open);
        _sequencer.End();
        Refused(FaultCode.FailedPrecondition, () => _sequencer.Push(Message(0)));
        Refused(FaultCode.FailedPrecondition, _sequencer.Open);
    }

    [Fact]
    public void Unread_messages_are_bounded_and_one_always_fits()
    {
        _sequencer.Push(Message(0, 1_000));
        Refused(FaultCode.ResourceExhausted, () => _sequencer.Push(Message(1)));
        _sequencer.Read(1);
        for (var sequence = 1; sequence <= 10; sequence++)
            _sequencer.Push(Message(sequence));
        Refused(FaultCode.ResourceExhausted, () => _sequencer.Push(Message(11)));
    }
}

[Collection(nameof(TestCluster))]
public sealed class BrowserStreamsInACluster(TestCluster cluster)
{
    [Fact]
    public async Task A_next_that_comes_before_its_open_waits_for_it()
    {
        var stream = cluster.Grains.GetGrain<IBrowserStreamGrain>(cluster.NewId("b"));
        var early = stream.PushAsync(new BrowserMessage(1, Encoding.ASCII.GetBytes("second"), false));
        await stream.OpenAsync();
        Assert.True(await early);
        Assert.True(await stream.PushAsync(new BrowserMessage(0, Encoding.ASCII.GetBytes("first"), false)));
        var messages = await stream.PullAsync(0);
        Assert.Equal(["first", "second"], messages.Select(message => Encoding.ASCII.GetString(message.Request.Span)));
        await stream.EndAsync();
        Assert.Empty(await stream.PullAsync(2));
        var late = await Assert.ThrowsAsync<FaultException>(() => stream.PushAsync(new BrowserMessage(2, default, false)));
        Assert.Equal(FaultCode.FailedPrecondition, late.Fault.Code);
    }
}
