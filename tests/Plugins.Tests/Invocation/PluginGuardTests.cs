using System.Reflection;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging;
using Wharf.Plugins.Hosting;
using Wharf.Tables;

namespace Wharf.Plugins.Tests.Invocation;

public sealed class PluginGuardTests
{
    private readonly RecordingLogger _log = new();

    [Fact]
    public void A_plugin_exception_keeps_its_status_and_message_and_is_not_logged()
    {
        PluginFault fault = PluginGuard.ToFault(new PluginException(PluginStatus.PermissionDenied, "not you"), _log);

        Assert.Equal(new PluginFault(7, "not you"), fault);
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public void A_closed_stream_is_an_invalid_argument()
    {
        Assert.Equal(PluginFault.InvalidArgument, PluginGuard.ToFault(new StreamClosedException(), _log).Code);
    }

    [Fact]
    public void A_failed_table_operation_keeps_its_status()
    {
        PluginFault fault = PluginGuard.ToFault(new TableException(TableError.FailedPrecondition, "no such column"), _log);

        Assert.Equal(new PluginFault(9, "no such column"), fault);
    }

    [Fact]
    public void Any_other_exception_is_an_invalid_argument_with_its_message_and_an_id_of_the_log()
    {
        InvalidOperationException thrown = new("the moon is full");
        PluginFault fault = PluginGuard.ToFault(thrown, _log);

        Assert.Equal(3, fault.Code);
        Assert.Equal($"the moon is full (error id {fault.ErrorId})", fault.Message);
        (string text, Exception? logged) = Assert.Single(_log.Entries);
        Assert.Contains(fault.ErrorId!, text, StringComparison.Ordinal);
        Assert.Same(thrown, logged);
    }

    [Fact]
    public void What_a_wait_or_reflection_wraps_is_what_counts()
    {
        Exception wrapped = new TargetInvocationException(new AggregateException(new PluginException(PluginStatus.NotFound, "inside")));

        Assert.Equal(new PluginFault(5, "inside"), PluginGuard.ToFault(wrapped, _log));
    }

    [Fact]
    public void A_cancellation_is_one_only_when_the_call_was_cancelled()
    {
        Assert.Equal(PluginFault.Cancelled, PluginGuard.ToFault(new TaskCanceledException(), _log, new CancellationToken(canceled: true)).Code);
        Assert.Equal(PluginFault.InvalidArgument, PluginGuard.ToFault(new TaskCanceledException(), _log).Code);
    }

    [Fact]
    public void A_long_message_is_cut_between_characters_and_its_id_stays()
    {
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3].Select(kind => new[] { "é", "x", "漢", "😀" }[kind])).Sample((offset, character) =>
        {
            string message = new string('a', offset) + string.Concat(Enumerable.Repeat(character, 4000));
            PluginFault fault = PluginGuard.ToFault(new PluginException(message), _log);
            string kept = fault.Message[..fault.Message.LastIndexOf(" (error id ", StringComparison.Ordinal)];

            Assert.StartsWith(kept, message, StringComparison.Ordinal);
            Assert.InRange(Encoding.UTF8.GetByteCount(kept), PluginGuard.MaxMessageBytes - 3, PluginGuard.MaxMessageBytes);
            Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(kept)));
            Assert.EndsWith($"(error id {fault.ErrorId})", fault.Message, StringComparison.Ordinal);
        });
    }
}
