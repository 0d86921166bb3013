using Orleans.Runtime;

namespace Wharf.Grains.Tests.Objects;

/// <summary>For tests that must not call any grain.</summary>
internal class NoGrains : IGrainFactory
{
    private static InvalidOperationException Called => new("this test calls no grains");

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidKey => throw Called;

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => throw Called;

    public virtual TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => throw Called;

    public TGrainInterface GetGrain<TGrainInterface>(Guid primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithGuidCompoundKey => throw Called;

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string keyExtension, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerCompoundKey => throw Called;

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw Called;

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver => throw Called;

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey) => throw Called;

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey) => throw Called;

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) => throw Called;

    public IGrain GetGrain(Type grainInterfaceType, Guid grainPrimaryKey, string keyExtension) => throw Called;

    public IGrain GetGrain(Type grainInterfaceType, long grainPrimaryKey, string keyExtension) => throw Called;

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => throw Called;

    public IAddressable GetGrain(GrainId grainId) => throw Called;

    public IAddressable GetGrain(GrainId grainId, GrainInterfaceType interfaceType) => throw Called;

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey) => throw Called;

    public IAddressable GetGrain(Type interfaceType, IdSpan grainKey, string grainClassNamePrefix) => throw Called;
}
