using Wharf.Grains.Objects;

namespace Wharf.Grains.Fields;

/// <summary>Creates the objects of configured fields on nodes that offer their types. Not thread-safe: one grain uses it on its scheduler.</summary>
internal sealed class FieldMaker(IGrainFactory grains, ObjectMakers makers)
{
    private readonly Dictionary<string, Task<ObjectReference>> _making = [];

    /// <summary>Returns whether the object of a field is being created.</summary>
    public bool IsMaking(string ticket) => _making.ContainsKey(ticket);

    /// <summary>Creates the object of a field; concurrent callers wait for the same object.</summary>
    /// <param name="field">The field.</param>
    /// <param name="store">Stores the created object, which is held by the field.</param>
    /// <returns>The stored object.</returns>
    /// <exception cref="FaultException">The object cannot be created or stored; the message names the field.</exception>
    public Task<ObjectReference> MakeAsync(FieldConfiguration field, Func<ObjectReference, Task> store)
    {
        if (_making.TryGetValue(field.Ticket, out var making))
            return making;
        making = MakeOnceAsync(field, store);
        if (!making.IsCompleted)
            _making[field.Ticket] = making;
        return making;
    }

    private async Task<ObjectReference> MakeOnceAsync(FieldConfiguration field, Func<ObjectReference, Task> store)
    {
        try
        {
            var reference = await CreateAsync(field);
            await store(reference);
            return reference;
        }
        catch (FaultException failed)
        {
            throw new FaultException(failed.Fault with { Message = $"The field {field.Ticket} could not be created: {failed.Fault.Message}" });
        }
        finally
        {
            _making.Remove(field.Ticket);
        }
    }

    private async Task<ObjectReference> CreateAsync(FieldConfiguration field)
    {
        var holder = Holder.OfField(field.Ticket);
        var isMakerSilent = false;
        foreach (var node in makers.Of(field.TypeName))
        {
            try
            {
                return await grains.GetGrain<IObjectFactoryGrain>($"{node}|{field.TypeName}").CreateAsync(holder, field.Arguments, CancellationToken.None);
            }
            catch (FaultException gone) when (gone.Fault.Code == FaultCode.Unavailable)
            {
                makers.Forget(node);
            }
            catch (Exception lost) when (Faults.IsTransient(lost))
            {
                // The node may answer again, or be declared lost, before the next object is created; this object is created on another node.
                isMakerSilent = true;
            }
        }

        try
        {
            return await grains.GetGrain<IObjectFactoryGrain>(field.TypeName).CreateAsync(holder, field.Arguments, CancellationToken.None);
        }
        catch (FaultException missing) when (missing.Fault.Code == FaultCode.NotFound && isMakerSilent)
        {
            throw new FaultException(FaultCode.Unavailable, $"a node with the object type '{field.TypeName}' does not answer");
        }
    }
}
